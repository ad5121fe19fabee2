"""`make bench-web`: what a page costs a cheap phone, beside the same page in default Material.

Both sites are built from the same content in the same run, served with Brotli on this machine and
opened, with nothing in the cache, by a Chromium slowed down to a slow phone. Nothing here passes
or fails; the aims stand under the table.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bodies import write_configuration
from compressed import serve
from references import write_references
from slow_phone import KINDS, Visit, phone, visit

_ROOT = Path(__file__).resolve().parent.parent
_PAGES = {"home": "", "scheda": "servizi/asilo-nido/"}
_RUNS = 3
_AIMS = """
Scopi: totale <= 90 KB, HTML <= 14 KB, richieste prima del testo <= 3, LCP <= 1,5 s, CLS 0.
KB: mille byte che passano in rete, intestazioni comprese, dalla prima visita (Brotli; i caratteri
sono compressi per conto loro). bloccanti: richieste che la pagina aspetta prima di mostrare il
testo, lei compresa. Telefono lento: processore 4 volte più lento, 1,6 Mbit/s, 150 ms di andata e
ritorno; mediana di {runs} visite. mai usato: parte del CSS e del JavaScript che la pagina carica e
non usa mentre si apre (le altre pagine, la stampa e i gesti di chi legge ne usano di più)."""


def main() -> None:
    """Measure the pages of both sites and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        sites = _build(Path(folder))
        columns = "".join(f"{kind:>8}" for kind in (*KINDS, "totale"))
        print(
            f"{'pagina':<18}{columns}  richieste bloccanti  FCP s  LCP s    CLS  mai usato CSS, JS"
        )
        with phone() as browser:
            for page, url in _PAGES.items():
                for name, site in sites.items():
                    with serve(site) as address:
                        visits = [visit(browser, address + url) for _ in range(_RUNS)]
                    print(_row(f"{page}, {name}", visits), flush=True)
    print(_AIMS.format(runs=_RUNS))


def _build(work: Path) -> dict[str, Path]:
    """Both sites in a folder, by name."""
    body, ours, mkdocs = work / "body", work / "site", work / "mkdocs"
    body.mkdir()
    shutil.copytree(_ROOT / "content", body / "content")
    write_configuration(body)
    write_references(body, mkdocs, work / "hugo")
    _run("site_builder", "build", str(body), "--output", str(ours), folder=_ROOT)
    _run("mkdocs", "build", "--quiet", folder=mkdocs)
    return {"Carta": ours, "Material": mkdocs / "site"}


def _run(module: str, *arguments: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{module} è fallito:\n{done.stdout}{done.stderr}")


def _row(name: str, visits: Sequence[Visit]) -> str:
    first = visits[0]
    sizes = [first.bytes[kind] for kind in KINDS]
    shown = "".join(f"{size / 1000:8.1f}" for size in (*sizes, sum(sizes)))
    fcp, lcp = median(v.fcp for v in visits), median(v.lcp for v in visits)
    css, js = (f"{share:.0%}" for share in (first.unused_css, first.unused_js))
    cls = max(v.cls for v in visits)
    return (
        f"{name:<18}{shown}  {first.requests:9} {first.blocking:9} {fcp:6.2f} {lcp:6.2f} {cls:6.3f}"
        f"  {css:>13}, {js}"
    )


if __name__ == "__main__":
    main()
