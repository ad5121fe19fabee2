# Ogni comando prepara da sé quello che gli serve (scripts/setup.sh): non c'è altro da installare.

# The folder of the body: here, or for example BODY=examples/napoli-tredici.
BODY ?= .

body := $(patsubst %/,%,$(BODY))
built = build$(if $(filter-out .,$(body)),/$(notdir $(body)))
output = $(built)/site
bin := .venv/bin

# Material prints a long notice at each build; it hides what the build has to say.
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help site pdf serve check demo test test-fast test-faults bench bench-web bench-pdf bench-data bench-endpoint lock format clean setup-site setup-test

help: ## Mostra questo elenco
	@echo "Uso: make COMANDO [BODY=cartella]"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "BODY è la cartella dell'ente (di norma questa): make site BODY=examples/napoli-tredici"

site: setup-site ## Costruisce il sito in build/site (con BODY=examples/x: in build/x/site)
	@$(bin)/carta build "$(body)" --output "$(output)"

pdf: setup-site ## Disegna in build/ tutto ciò che si stampa: la Carta, il libretto, le schede, i moduli
	@$(bin)/carta pdf "$(body)" --output "$(built)"

serve: setup-site ## Mostra il sito su questo computer e lo aggiorna mentre si scrive
	@$(bin)/carta serve "$(body)"

check: setup-site ## Controlla i contenuti e dice che cosa correggere, e dove
	@$(bin)/carta check "$(body)"

demo: setup-site ## Prova i moduli su questo computer: si invia un reclamo e lo si apre come l'ufficio
	@$(bin)/python scripts/demo.py "$(body)" --output "$(built)/demo"

test: setup-test ## Esegue tutte le prove: contenuti, stile, tipi, programma, browser
	$(bin)/carta check --livello errore
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/python -X dev -bb -m pytest

test-fast: setup-site ## Esegue solo le prove veloci, senza browser
	PYTHONDEVMODE=1 $(bin)/python -m pytest -n auto --dist loadfile -m "not slow and not browser and not tools"

test-faults: setup-test ## Esegue le prove lunghe dei guasti: molti arresti, dischi pieni, reti che cadono
	$(bin)/python -X dev -bb -m pytest -m faults

bench: setup-site ## Misura quanto tempo serve per costruire il sito
	$(bin)/python bench/bench_site.py

bench-web: setup-test ## Misura quanto pesa una pagina e quanto ci mette su un telefono lento
	$(bin)/python bench/bench_web.py

bench-pdf: setup-site ## Misura quanto costa disegnare le stampe
	$(bin)/python bench/bench_pdf.py

bench-data: setup-site ## Misura quanto costano i dati aperti
	$(bin)/python bench/bench_data.py

bench-endpoint: setup-test ## Misura quanto regge chi riceve i moduli, e quanto ci mette l'ufficio ad aprirli
	$(bin)/python bench/bench_endpoint.py

format: setup-site ## Mette in ordine il codice Python
	$(bin)/ruff check --fix
	$(bin)/ruff format

# One lock for every Python from the floor up, and one version of each package (fewest).
# LOCK_FLAGS= keeps the versions that are there, for instance after adding a dependency.
LOCK_FLAGS ?= --upgrade
lock: setup-site ## Aggiorna le versioni dei pacchetti in requirements.lock
	test -x build/lock-env/bin/uv || { $(bin)/python -m venv build/lock-env \
	  && build/lock-env/bin/pip install --quiet --disable-pip-version-check 'uv>=0.13,<1'; }
	build/lock-env/bin/uv pip compile --quiet --no-config --system-certs $(LOCK_FLAGS) \
	  --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	  --extra test --extra endpoint --extra postgresql --extra dev --group build \
	  --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml
	@for extra in "" postgresql; do \
	  build/lock-env/bin/uv pip compile --quiet --no-config --system-certs \
	    --universal --python-version 3.11 --generate-hashes --constraint requirements.lock \
	    $${extra:+--extra $$extra} --custom-compile-command "make lock" \
	    --output-file endpoint/requirements$${extra:+-$$extra}.lock endpoint/pyproject.toml \
	    || exit 1; \
	done

clean: ## Cancella ciò che si può ricostruire (build, cache e ambiente Python)
	rm -rf build "$(body)/build/.cache" dist .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis

setup-site:
	@scripts/setup.sh site

setup-test:
	@scripts/setup.sh test
