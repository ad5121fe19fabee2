#!/bin/sh
# Da un clone appena fatto a un ambiente pronto. Lo chiama il Makefile; non serve altro.
#   scripts/setup.sh site   quanto serve per costruire il sito e le stampe
#   scripts/setup.sh test   lo stesso, più il browser e gli altri programmi delle prove
# Si può interrompere e ripetere: il segno «fatto» si scrive per ultimo.
set -eu

cd "$(dirname "$0")/.."

VENV=.venv
PYTHON=$VENV/bin/python
LOCK_STAMP=$VENV/.carta-lock
PROJECT_STAMP=$VENV/.carta-project
LIBRARIES_STAMP=$VENV/.carta-libraries
CHROMIUM=/usr/bin/chromium
POSTGRESQL=/usr/lib/postgresql
CLUSTERS=/etc/postgresql-common/createcluster.conf
WEB=$VENV/web
OPENING=$VENV/apri
OUTLOUD=$VENV/outloud
OUTLOUD_STAMP=$OUTLOUD/.carta-lock
LOG=

main() {
    case "${1-}" in
        site) ensure_environment; ensure_pdf_libraries ;;
        test)
            ensure_environment
            ensure_pdf_libraries
            ensure_readers
            ensure_postgresql
            ensure_browser
            ensure_lighthouse
            ensure_opening
            ensure_outloud
            ;;
        *) fail "Uso: scripts/setup.sh site|test" ;;
    esac
}

say() { printf '%s\n' "$*" >&2; }

fail() {
    for line in "$@"; do say "$line"; done
    exit 1
}

# --- Python -------------------------------------------------------------------------------

ensure_environment() {
    # pip leaves absolute paths behind, so a project that was moved is a new one.
    lock_hash=$({ pwd; cat requirements.lock; } | cksum)
    project_hash=$(cksum < pyproject.toml)

    if ! is_stamped "$LOCK_STAMP" "$lock_hash" || ! "$PYTHON" -c '' 2>/dev/null; then
        create_environment
        install_packages
        stamp "$LOCK_STAMP" "$lock_hash"
    fi
    if ! is_stamped "$PROJECT_STAMP" "$project_hash"; then
        install_project
        stamp "$PROJECT_STAMP" "$project_hash"
    fi
}

is_stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# The rename is atomic: a stamp is whole or is not there.
stamp() {
    printf '%s\n' "$2" > "$1.new"
    mv -f "$1.new" "$1"
}

create_environment() {
    interpreter=$(find_python) || interpreter=
    if [ -z "$interpreter" ] || ! has_venv "$interpreter"; then
        apt_install "Python 3.11 o più recente, con il modulo venv" python3 python3-venv
        interpreter=$(find_python) || fail \
            "Serve Python 3.11 o più recente: in questo sistema non c'è." \
            "Rimedio: Debian 12 lo ha già; su altri sistemi chiedilo a chi li amministra."
        has_venv "$interpreter" || fail \
            "A $interpreter manca il modulo «venv» (con «ensurepip»)." \
            "Rimedio: chiedi a chi amministra il sistema di installarlo per quel Python."
    fi
    say "Preparo l'ambiente Python in $VENV …"
    rm -rf "$VENV"
    logged "$interpreter" -m venv "$VENV" || fail_with_log "Non riesco a creare $VENV."
}

find_python() {
    for name in python3.11 python3.12 python3.13 python3.14 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$name"
            return 0
        fi
    done
    return 1
}

# Debian ships «venv» without «ensurepip»: only the second one tells.
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

install_packages() {
    say "Installo i pacchetti Python elencati in requirements.lock (un minuto circa) …"
    pip_install "$PYTHON" --require-hashes --only-binary :all: -r requirements.lock
}

install_project() {
    say "Installo Carta nell'ambiente …"
    pip_install "$PYTHON" --no-deps --no-build-isolation --editable .
}

# pip_install interprete argomenti…
pip_install() {
    interpreter=$1
    shift
    logged "$interpreter" -m pip install --quiet --no-input --disable-pip-version-check "$@" && return
    if log_has 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Temporary failure|Network is unreachable'; then
        fail_with_log "Non riesco a scaricare i pacchetti Python: la rete non risponde." \
            "Rimedio: controlla il collegamento a Internet (o il proxy) e ripeti il comando."
    elif log_has 'No space left'; then
        fail_with_log "Il disco è pieno." "Rimedio: libera circa 1 GB e ripeti il comando."
    elif log_has 'DO NOT MATCH THE HASHES'; then
        fail_with_log "Un pacchetto scaricato non è quello previsto da requirements.lock." \
            "Rimedio: ripeti il comando; se succede ancora, non continuare e avvisa chi cura il progetto."
    fi
    fail_with_log "Non riesco a installare i pacchetti Python."
}

# --- The libraries that set the text of the PDF, which no Python package carries -------------

ensure_pdf_libraries() {
    # Whatever adds or takes away a library renews this file; else nothing has to be tried again.
    libraries=$(ls -l /etc/ld.so.cache 2>/dev/null) || libraries=
    [ -n "$libraries" ] && is_stamped "$LIBRARIES_STAMP" "$libraries" && return
    if ! logged imports_weasyprint; then
        apt_install "le librerie Pango e HarfBuzz, per comporre le stampe" \
            libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
        logged imports_weasyprint || fail_with_log \
            "Le librerie Pango e HarfBuzz ci sono, ma non riesco a comporre le stampe." \
            "Rimedio: manda queste righe a chi amministra il sistema."
        libraries=$(ls -l /etc/ld.so.cache 2>/dev/null) || libraries=
    fi
    stamp "$LIBRARIES_STAMP" "$libraries"
}

# It loads the libraries at once, and warns of one that is missing or of a system without fonts.
imports_weasyprint() { "$PYTHON" -W error -c 'import weasyprint'; }

# --- What reads the prints, and the history of the content, in the tests -----------------------

ensure_readers() {
    has_readers && return
    apt_install "i programmi che rileggono le stampe e gli invii, e git" poppler-utils git age strace
    has_readers || fail \
        "Mancano ancora pdftotext, pdftoppm, git, age o strace." \
        "Rimedio: chiedi a chi amministra il sistema di installarli."
}

has_readers() {
    for name in pdftotext pdftoppm pdfinfo git age strace; do
        command -v "$name" >/dev/null || return 1
    done
}

# --- PostgreSQL, which the tests start in a folder of their own --------------------------------

ensure_postgresql() {
    has_postgresql && return
    what="PostgreSQL, per provare la sua base di dati"
    [ "$(id -u)" -eq 0 ] || apt_install "$what" postgresql
    # Debian would also make a database and start it, now and at every boot: nobody asked for it.
    apt_install "$what" postgresql-common
    cp -p "$CLUSTERS" "$CLUSTERS.carta"
    printf '%s\n' 'create_main_cluster = false' >> "$CLUSTERS"
    installed=yes
    (apt_install "$what" postgresql) || installed=no
    mv -f "$CLUSTERS.carta" "$CLUSTERS"
    [ "$installed" = yes ] || exit 1
    has_postgresql || fail \
        "PostgreSQL c'è, ma in $POSTGRESQL non trovo il programma «initdb»." \
        "Rimedio: chiedi a chi amministra il sistema di installarlo."
}

# Debian keeps each version in a folder of its own, out of the PATH.
has_postgresql() {
    for program in "$POSTGRESQL"/*/bin/initdb; do
        [ -x "$program" ] && return 0
    done
    command -v initdb >/dev/null
}

# --- outloud, in an environment of its own: its licences are not those of the project -----------

ensure_outloud() {
    outloud_hash=$({ pwd; cat tests/outloud/requirements.lock; } | cksum)
    is_stamped "$OUTLOUD_STAMP" "$outloud_hash" && return
    say "Installo outloud in $OUTLOUD, per le prove delle stampe …"
    rm -rf "$OUTLOUD"
    logged "$PYTHON" -m venv "$OUTLOUD" || fail_with_log "Non riesco a creare $OUTLOUD."
    pip_install "$OUTLOUD/bin/python" --require-hashes --only-binary :all: \
        -r tests/outloud/requirements.lock
    stamp "$OUTLOUD_STAMP" "$outloud_hash"
}

# --- The browser --------------------------------------------------------------------------

ensure_browser() {
    if ! has_browser; then
        apt_install "Chromium, per le prove nel browser" chromium fonts-liberation libatomic1
        has_browser || fail \
            "Chromium c'è, ma le prove non riescono ad avviare Playwright." \
            "Rimedio: esegui «$PYTHON -m playwright --version» per vedere che cosa manca."
    fi
}

# Playwright's own driver needs libatomic1, which a bare Debian lacks: asking its version tells.
has_browser() { [ -x "$CHROMIUM" ] && "$PYTHON" -m playwright --version >/dev/null 2>&1; }

# --- Node.js: what no Python package carries ---------------------------------------------------

ensure_lighthouse() { ensure_packages tests/web "$WEB" "Lighthouse"; }

# With these endpoint/apri/build.mjs writes the page that opens what arrives.
ensure_opening() { ensure_packages endpoint/apri "$OPENING" "age ed esbuild"; }

# ensure_packages cartella-del-lock cartella-dei-pacchetti "che cosa sono"
ensure_packages() {
    # A stamp says what was installed; a Node.js taken away since is still missed.
    has_node || install_node
    web_hash=$(cat "$1/package.json" "$1/package-lock.json" | cksum)
    is_stamped "$2/.carta-lock" "$web_hash" && return
    say "Installo $3 in $2 (un minuto circa) …"
    # An interrupted npm cleans up after itself, and may still be at it: not in our folder.
    rm -rf "$2" "$2".new.*
    mkdir -p "$2.new.$$"
    cp "$1/package.json" "$1/package-lock.json" "$2.new.$$/"
    npm_install "$1" "$2.new.$$" "$3"
    mv "$2.new.$$" "$2"
    stamp "$2/.carta-lock" "$web_hash"
}

install_node() {
    apt_install "Node.js 18.20 o più recente, con npm, per le prove nel browser" nodejs npm
    has_node || fail \
        "Serve Node.js 18.20 o più recente, con npm: in questo sistema non c'è." \
        "Rimedio: Debian 12 lo ha già; su altri sistemi chiedilo a chi li amministra."
}

has_node() {
    node -e 'const [a, b] = process.versions.node.split(".").map(Number);
        process.exit(a > 18 || (a === 18 && b >= 20) ? 0 : 1)' 2>/dev/null \
        && command -v npm >/dev/null
}

# npm_install cartella-del-lock cartella "che cosa sono"
npm_install() {
    logged npm_ci "$2" && return
    if log_has 'ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|_CERT|CERT_|SELF_SIGNED'; then
        fail_with_log "Non riesco a scaricare $3: la rete non risponde." \
            "Rimedio: controlla il collegamento a Internet (o il proxy) e ripeti il comando."
    elif log_has 'ENOSPC|No space left'; then
        fail_with_log "Il disco è pieno." "Rimedio: libera circa 1 GB e ripeti il comando."
    elif log_has 'EINTEGRITY'; then
        fail_with_log "Un pacchetto scaricato non è quello previsto da $1/package-lock.json." \
            "Rimedio: ripeti il comando; se succede ancora, non continuare e avvisa chi cura il progetto."
    fi
    fail_with_log "Non riesco a installare $3."
}

# The browser is Debian's: no package may download another or run a script of its own.
npm_ci() {
    export PUPPETEER_SKIP_DOWNLOAD=true
    cd "$1" || exit
    exec npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
}

# --- apt --------------------------------------------------------------------------------------

# apt_install "che cosa manca" pacchetto…
apt_install() {
    missing=$1
    shift
    if [ ! -e /etc/debian_version ] || ! command -v apt-get >/dev/null; then
        fail "Manca: $missing." \
            "Rimedio: chiedi a chi amministra il sistema di installare i pacchetti che su Debian si chiamano: $*"
    elif [ "$(id -u)" -ne 0 ]; then
        fail "Manca: $missing." \
            "Rimedio: chiedi a chi amministra il sistema di eseguire, come root:" \
            "    apt-get update && apt-get install -y --no-install-recommends $*"
    fi
    say "Installo da Debian: $* …"
    # A failed update may still leave good lists: only the install decides.
    logged debian_install "$@" && return
    if log_has 'Could not get lock|Unable to (acquire|lock)'; then
        fail_with_log "Un altro programma sta già installando pacchetti." \
            "Rimedio: aspetta che finisca e ripeti il comando."
    elif log_has 'Temporary failure resolving|Could not (connect|resolve)|Connection (failed|timed out)|Failed to fetch'; then
        fail_with_log "Non riesco a scaricare da Debian: la rete non risponde." \
            "Rimedio: controlla il collegamento a Internet (o il proxy) e ripeti il comando."
    fi
    fail_with_log "Debian non riesce a installare: $*."
}

debian_install() {
    apt='apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3'
    export DEBIAN_FRONTEND=noninteractive LC_ALL=C
    $apt update || true
    $apt install -y --no-install-recommends "$@"
}

# --- What a command printed: shown only when it fails ---------------------------------------

logged() (
    "$@" >"$LOG" 2>&1 </dev/null
)

log_has() { grep -Eq "$1" "$LOG"; }

fail_with_log() {
    for line in "$@"; do say "$line"; done
    say "Le ultime righe del comando:"
    tail -n 12 "$LOG" | sed 's/^/    /' >&2
    exit 1
}

LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT
trap 'exit 130' INT TERM
main "$@"
