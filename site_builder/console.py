"""What the site generator says, in Italian and on standard error."""

import logging
import re

_ITALIAN = (
    (
        r"Doc file '(.+?)' contains an? (?:absolute |unrecognized relative )?link '(.+?)'.*",
        r"content/pages/\1 errore [collegamento] Il collegamento «\2» non porta a niente.\n"
        r"    Rimedio: scrivi il file della pagina, per esempio servizi/asilo-nido.md",
    ),
    (r"An error happened during the rebuild.*", "Il sito resta com'era finché non correggi."),
    (r"Building documentation\.\.\.", "Costruisco il sito …"),
    (r"Serving on (\S+)", r"Il sito è su \1 (per smettere: Ctrl+C)"),
    (r"Detected file changes", "Qualcosa è cambiato."),
    (r"Shutting down\.\.\.", "Fine."),
    (
        r"(Documentation built in|Reloading|Cleaning|Building documentation to|Browser |Watching|"
        r"Aborted with|The following pages exist).*",
        "",
    ),
)


def listen(level: int) -> None:
    """Show the generator's messages from `level` up, each once, in Italian where it is known."""
    logger = logging.getLogger("mkdocs")
    logger.setLevel(level)
    logger.propagate = False
    for handler in list(logger.handlers):
        if isinstance(handler, _Console):
            logger.removeHandler(handler)
    logger.addHandler(_Console())


class _Console(logging.StreamHandler):  # type: ignore[type-arg]  # generic only for checkers
    def emit(self, record: logging.LogRecord) -> None:
        if said := _translate(record.getMessage()):
            print(said, file=self.stream)


def _translate(message: str) -> str:
    message = re.sub(r"^(\[[\d:]+\]|site_builder:) ", "", message)
    for english, italian in _ITALIAN:
        if re.match(english, message, re.S):
            return re.sub(english, italian, message, count=1, flags=re.S)
    return message
