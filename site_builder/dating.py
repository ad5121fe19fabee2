"""`aggiornato_il` follows the content: which file has changed and kept its day."""

from site_builder.documents import Document

KEY = "aggiornato_il"
REMEDY = f"Rimedio: scrivi in «{KEY}» il giorno della modifica."


def same_content(new: Document, was: Document | None) -> bool:
    """Whether nothing has changed in a file, comments apart."""
    return was is not None and (new.data, new.text) == (was.data, was.text)


def has_kept_day(new: Document, was: Document | None) -> bool:
    """Whether a file that was there says no newer day than before."""
    return was is not None and str(new.data.get(KEY, "")) <= str(was.data.get(KEY, ""))


def kept_words(document: Document) -> str:
    """«aggiornato_il» è rimasto 2026-01-01."""
    day = document.data.get(KEY)
    return f"«{KEY}» è rimasto {day}" if day else f"manca «{KEY}»"
