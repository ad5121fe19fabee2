"""`make demo`: the site and its forms on this computer, with a key to throw away afterwards.

Whoever tries it files a complaint in the browser and opens it as the office does. Everything is in
one folder, which goes when the demo stops.
"""

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

from postbox import postbox
from running import HERE, free_port, receiving, serving

from endpoint.cli import main as run_command
from endpoint.context import Context
from endpoint.office.ceremony import OFFICE_KEY, PAGE, make_keys
from endpoint.web.serving import TRIAL

_STOPPED = 130  # a command that Ctrl-C stopped
_WORDS = (
    "aquilone", "bosco", "cucchiaio", "delfino", "fontana", "girasole", "inverno", "lanterna",
    "mulino", "nuvola", "ombrello", "pettine", "quaderno", "rondine", "sentiero", "tamburo",
    "uliveto", "violino", "zattera", "candela", "bottone", "ciliegia", "finestra", "gabbiano",
)  # fmt: skip
_OPEN = """
È tutto acceso, solo su questo computer. Usa dati inventati: alla fine sparisce tutto.

 1. Scrivi: apri {site}moduli/{form}/
    compila, controlla le risposte, invia. Alla fine hai un numero e un codice segreto.
 2. Guarda a che punto è, con quel numero e quel codice: {endpoint}stato
 3. Le lettere che partirebbero compaiono qui sotto.
 4. Apri l'invio come fa l'ufficio: nel browser, il file
      {folder}/{page}
    poi scegli la chiave, scrivi la frase e scegli gli invii:
      chiave  {folder}/{key}
      frase   {phrase}
      invii   {folder}/invii.json  (nuovo dopo ogni invio)
 5. Lavora come l'ufficio, in un altro terminale:
      set -a; . {folder}/env; set +a
      {program} scadenze
      {program} registra NUMERO protocollato --protocollo 0000001
      {program} controlla

Per finire premi Ctrl-C.
"""


def main() -> int:
    """Run the demo until Ctrl-C; 1 if something could not start."""
    parser = argparse.ArgumentParser(description="Prova i moduli su questo computer.")
    parser.add_argument("body", type=Path, nargs="?", default=Path())
    parser.add_argument("--output", type=Path, default=Path("build/demo"))
    arguments = parser.parse_args()
    folder: Path = arguments.output.absolute()
    if folder.exists():
        print(
            f"{folder} c'è già: è in corso un'altra prova, o ne è stata interrotta una. "
            "Fermala, oppure cancella la cartella, e riprova.",
            file=sys.stderr,
        )
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder.mkdir(mode=0o700, parents=True)
    try:
        _demo(arguments.body, folder)
    except KeyboardInterrupt:
        print("\nFermo tutto e cancello la prova.")
    except (subprocess.CalledProcessError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder)
    return 0


def _demo(body: Path, folder: Path) -> None:
    site, own = f"http://{HERE}:{free_port(8000)}/", f"http://{HERE}:{free_port(8080)}/"
    print("Costruisco il sito e i moduli: la prima volta ci vuole un minuto o due …", flush=True)
    _carta("build", str(body), "--output", str(folder / "site"), endpoint=own)
    _carta("export", "forms", str(body), "--output", str(folder / "moduli"), endpoint=own)
    phrase = " ".join(secrets.choice(_WORDS) for _ in range(5))
    public = make_keys(folder, phrase)
    with postbox(_show) as mail:
        environ = _environ(folder, site, own, public, mail)
        with serving(folder / "site", site), receiving(environ, folder / "registro"):
            context = Context(environ)
            forms = [form.id for form in context.forms.values() if not form.anonimo]
            form = "reclamo" if "reclamo" in forms else forms[0]
            print(_OPEN.format(
                site=site, endpoint=own, form=form, folder=folder, page=PAGE, key=OFFICE_KEY,
                phrase=phrase, program=Path(sys.executable).with_name("carta-endpoint"),
            ), flush=True)  # fmt: skip
            _work(context, folder)


def _environ(folder: Path, site: str, own: str, public: Iterable[str], mail: int) -> dict[str, str]:
    """The settings, also written where a shell can read them."""
    environ = {
        "CARTA_SECRET": secrets.token_urlsafe(48), "CARTA_RECIPIENTS": ",".join(public),
        "CARTA_DB": str(folder / "moduli.db"), "CARTA_FORMS": str(folder / "moduli"),
        "CARTA_SITE": site, "CARTA_URL": own, "CARTA_SMTP": f"smtp://{HERE}:{mail}",
        "CARTA_MAIL_FROM": "carta@example.it", "CARTA_MAIL_TO": "ufficio@example.it",
        "PORT": own.rstrip("/").rpartition(":")[2], TRIAL: "si",
    }  # fmt: skip
    text = "".join(f"{name}='{value}'\n" for name, value in environ.items())
    (folder / "env").write_text(text, "utf-8")
    return environ


def _carta(*words: str, endpoint: str) -> None:
    """Run a command of the builder; what it prints is shown if it fails."""
    environ = os.environ | {"CARTA_ENDPOINT": endpoint, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "site_builder", *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{done.stdout}{done.stderr}")


def _work(context: Context, folder: Path) -> None:
    """What on a server a clock and the office do: send the letters, make the export."""
    seen: tuple[int, ...] = ()
    while True:
        now = tuple(case.id for case in context.store.cases())
        if now != seen:
            for words in (["spedisci"], ["esporta", "--output", str(folder / "invii.json")]):
                if run_command(words, context) == _STOPPED:
                    raise KeyboardInterrupt
        seen = now
        time.sleep(1)


def _show(letter: EmailMessage) -> None:
    text = letter.get_body(("plain",))
    body = text.get_content().rstrip() if text else ""
    lines = [f"A: {letter['To']}", f"Oggetto: {letter['Subject']}", "", *body.splitlines()]
    print("\n┌─ Lettera", *lines, sep="\n│ ", flush=True)
    print("└─", flush=True)


if __name__ == "__main__":
    sys.exit(main())
