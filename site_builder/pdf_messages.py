"""What the PDF engine complains of, in Italian and with a remedy."""

import re

_OWN_FILES = "le stampe usano solo file di theme/ e dati scritti nel documento"
# Message of the engine -> what to tell. Its own words follow where they help a technician.
_KNOWN = {
    r"Font-face '(.+)' cannot be loaded": (
        "il carattere tipografico «{0}» non si può leggere. Rimedio: rimetti i suoi file in theme/,"
        " dove li nominano le regole @font-face di theme/print/style/"
    ),
    r'\.notdef glyph rendered .*: "(.*)" \((U\+\w+)\)': (
        "nessun carattere tipografico ha il segno «{0}» ({1}). Rimedio: scrivi la parola senza quel"
        " segno"
    ),
    r"Failed to load [a-z ]+ at '?(\S+?)'? ?:(?: (.*))?": (
        f"non si può leggere «{{0}}» ({{1}}). Rimedio: {_OWN_FILES}"
    ),
    r"Failed to render SVG image (.*)": (
        "l'immagine «{0}» è rotta. Rimedio: ridisegnala o togli il suo nome dal documento"
    ),
    r"No anchor #(.*) for internal URI reference": (
        "un collegamento porta a «#{0}», che nel documento non c'è. Rimedio: correggi l'indirizzo"
    ),
    r'Missing required "lang".*': (
        "il documento non dice in che lingua è. Rimedio: scrivi lang nel suo elemento <html>"
    ),
    r"(Ignored `.*|Invalid .*|Unknown .*|Parse error .*|Unsupported .*)": (
        "il motore di stampa non capisce il foglio di stile («{0}»). Rimedio: correggilo in"
        " theme/print/"
    ),
}


def in_italian(message: str) -> str:
    """A sentence for the message; one that nobody has met yet is quoted as it is."""
    message = " ".join(message.split())
    for pattern, sentence in _KNOWN.items():
        if match := re.fullmatch(pattern, message):
            return sentence.format(*((group or "è rotto")[:90] for group in match.groups()))
    return f"il motore di stampa dice «{message[:200]}». Rimedio: mostra questa riga a un tecnico"


def no_font_has(signs: list[str]) -> str:
    """A sentence for signs that no font of the theme has."""
    named = ", ".join(f"«{sign}» (U+{ord(sign):04X})" for sign in signs)
    return (
        f"i caratteri tipografici del tema non hanno: {named}. Rimedio: scrivi le parole senza quei"
        " segni, o aggiungi in theme/print/style/ un carattere che li ha"
    )


def no_words_for(picture: str) -> str:
    """A sentence for a picture that has no text in its stead."""
    return (
        f"all'immagine «{picture}» manca il testo per chi non la vede. Rimedio: scrivilo in alt"
        ' (alt="" se è solo un ornamento)'
    )
