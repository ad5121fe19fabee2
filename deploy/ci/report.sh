#!/bin/sh
# Quello che i tre file di questa cartella hanno in comune. Sta in tutti i POSIX sh; vuole git e
# python3.
#   report.sh prepara BASE   controlla, scrive il rapporto, i fogli cambiati e il sito di prova
#   report.sh commenta       mette il rapporto nella richiesta, sempre nello stesso commento
#   report.sh settimana      che cosa scade, quali collegamenti non funzionano più
#
# ENTE       la cartella dell'ente (questa)
# CARTA      il comando (.venv/bin/carta se c'è, se no carta)
# RAPPORTO   dove si scrive (build/rapporto); il sito di prova va in build/anteprima
# Per commentare: OSPITE (github, gitlab, forgejo), API, RICHIESTA (il suo numero), DEPOSITO,
# AUTORE (chi scrive i commenti, con quel gettone), GETTONE, e se c'è DOVE (la pagina con i file).
set -eu

ENTE=${ENTE:-.}
RAPPORTO=${RAPPORTO:-build/rapporto}
ANTEPRIMA=${ANTEPRIMA:-build/anteprima}
if [ -z "${CARTA-}" ]; then
    CARTA=carta
    [ ! -x .venv/bin/carta ] || CARTA=.venv/bin/carta
fi

main() {
    case "${1-}" in
        prepara) prepare "${2:?Scrivi anche il ramo di partenza, per esempio origin/main}" ;;
        commenta) comment ;;
        settimana) week ;;
        *) fail "Uso: report.sh prepara BASE | commenta | settimana" ;;
    esac
}

fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

# --- Prepare: everything that runs the content, and needs no secret ----------------------------

prepare() {
    trust_folder
    mkdir -p "$RAPPORTO"
    base=$(git merge-base HEAD "$1") || fail \
        "Non trovo dove questa copia ha lasciato «$1»: serve tutta la storia (fetch-depth: 0)."
    status=0
    "$CARTA" check "$ENTE" --format "${FORMATO:-text}" || status=$?
    # Also with errors: the report names them, if anything can be read at all.
    if "$CARTA" diff "$base" "$ENTE" --format markdown --output "$RAPPORTO/diff.md"; then
        "$CARTA" diff "$base" "$ENTE" --format html --output "$RAPPORTO/diff.html"
    else
        status=1
        unreadable > "$RAPPORTO/diff.md"
    fi
    [ "$status" -eq 0 ] || exit "$status"
    "$CARTA" build "$ENTE" --output "$ANTEPRIMA"
    # What was not drawable then is no fault of this request.
    "$CARTA" pdf "$ENTE" --fogli-modificati "$base" --segna-modifiche \
        --output "$RAPPORTO/fogli.pdf" || printf '%s\n' "I fogli cambiati non si possono disegnare."
}

# The first line is the mark by which the comment is found again.
unreadable() {
    printf '%s\n' '<!-- carta diff -->' '## Il contenuto non si può leggere' '' \
        'Il rapporto non si può scrivere: gli errori da correggere sono nella pagina del lavoro.'
}

# In a container the folder belongs to another user, and git reads it only if it is told to.
trust_folder() {
    [ -z "${CI-}" ] || git config --global --add safe.directory "$PWD"
}

# --- Comment: one request to the host, with a token; nothing of the content is run -------------

comment() {
    : "${API:?}" "${GETTONE:?}" "${DEPOSITO:?}" "${RICHIESTA:?}"
    [ -f "$RAPPORTO/diff.md" ] || fail "Manca $RAPPORTO/diff.md: il rapporto non è stato scritto."
    case "${OSPITE-}" in
        github) list="$API/repos/$DEPOSITO/issues/$RICHIESTA/comments" verb=PATCH
                one="$API/repos/$DEPOSITO/issues/comments" me=${AUTORE:-github-actions[bot]} ;;
        forgejo) list="$API/repos/$DEPOSITO/issues/$RICHIESTA/comments" verb=PATCH
                one="$API/repos/$DEPOSITO/issues/comments" me=${AUTORE:-forgejo-actions} ;;
        gitlab) list="$API/projects/$DEPOSITO/merge_requests/$RICHIESTA/notes" verb=PUT
                one=$list me=${AUTORE:-$(call GET "$API/user" | field username)} ;;
        *) fail "OSPITE deve essere github, gitlab o forgejo." ;;
    esac
    body=$(mktemp)
    trap 'rm -f "$body"' EXIT
    as_json > "$body"
    known=$(find_comment)
    if [ -n "$known" ]; then
        call "$verb" "$one/$known" "$body" > /dev/null
    else
        call POST "$list" "$body" > /dev/null
    fi
}

# The token goes in by the standard input: the list of processes would show it.
call() {
    case "$OSPITE" in
        gitlab) header="PRIVATE-TOKEN: $GETTONE" ;;
        github) header="Authorization: Bearer $GETTONE" ;;
        *) header="Authorization: token $GETTONE" ;;
    esac
    printf '%s\n' "$header" | python3 -c '
import sys
from urllib.request import Request, urlopen
method, url, path = sys.argv[1:]
name, value = sys.stdin.readline().strip().split(": ", 1)
data = open(path, "rb").read() if path else None
asked = Request(url, data, {name: value, "Content-Type": "application/json"}, method=method)
try:
    with urlopen(asked, timeout=60) as answer:
        sys.stdout.buffer.write(answer.read())
except OSError as error:
    sys.exit(f"{method} {url}: {error}")
' "$1" "$2" "${3-}"
}

# The report as the host wants it, with the page where the whole of it is.
as_json() {
    python3 -c '
import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
if sys.argv[2]:
    text += f"\n[Rapporto intero, sito di prova e fogli cambiati]({sys.argv[2]})\n"
json.dump({"body": text}, sys.stdout)
' "$RAPPORTO/diff.md" "${DOVE-}"
}

field() {
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

# The number of our comment: that with our mark, and by nobody else, or anyone could put theirs.
find_comment() {
    page=1
    while [ "$page" -le 20 ]; do
        said=$(call GET "$list?per_page=50&limit=50&page=$page" | python3 -c '
import json, sys
found = json.load(sys.stdin)
for item in found:
    who = item.get("user") or item.get("author") or {}
    ours = sys.argv[1] in (who.get("login"), who.get("username"))
    if ours and (item.get("body") or "").startswith("<!-- carta diff -->"):
        print(item["id"])
        break
else:
    print("" if len(found) >= 50 else "fine")
' "$me")
        [ "$said" != fine ] || return 0
        [ -z "$said" ] || { printf '%s\n' "$said"; return 0; }
        page=$((page + 1))
    done
}

# --- Every week --------------------------------------------------------------------------------

week() {
    mkdir -p "$RAPPORTO"
    "$CARTA" report scadenze "$ENTE" --output "$RAPPORTO/scadenze.txt"
    "$CARTA" report scadenze "$ENTE" --format ics --output "$RAPPORTO/scadenze.ics"
    status=0
    "$CARTA" report collegamenti "$ENTE" --output "$RAPPORTO/collegamenti.txt" || status=$?
    cat "$RAPPORTO/scadenze.txt" "$RAPPORTO/collegamenti.txt"
    # A link that is dead makes the job fail: so the host writes to who looks after it.
    exit "$status"
}

main "$@"
