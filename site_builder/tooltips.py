"""Explain acronyms where they first occur on a page: HTML in, HTML with `<abbr>` out."""

import re
from html import escape

from site_builder.model_carta import Glossary, Voce

# Inside these elements an acronym stays as it is: links and headings are names, not text.
_CLOSED = r"<(?i:(a|abbr|h1|h2|nav|summary|title|button|script|caption))\b.*?</\1>"
# Before or after an acronym, these make it a part of something else.
_BEFORE, _AFTER = re.compile(r"[\w.@/-]"), re.compile(r"[\w@/-]")


class Tooltips:
    """The acronyms of a glossary, ready to be marked in many pages."""

    def __init__(self, glossary: Glossary) -> None:
        self._general = {v.sigla: v for v in glossary.voci if v.sigla and not v.servizi}
        self._by_service = {(v.sigla, id): v for v in glossary.voci if v.sigla for id in v.servizi}
        acronyms = {v.sigla for v in glossary.voci if v.sigla}
        words = map(re.escape, sorted(acronyms, key=len, reverse=True))
        # Each choice begins with a plain character, so that the search can skip what is between.
        self._pattern = re.compile("|".join((_CLOSED, "<[^>]*>", *words)), re.S)

    def add(self, html: str, service: str = "") -> str:
        """Mark the first occurrence of each acronym with its meaning (in the sheet `service`).

        An acronym with several meanings is left alone where none of them is known to hold.
        """
        seen: set[str] = set()

        def mark(match: re.Match[str]) -> str:
            text, (start, end) = match[0], match.span()
            if text[0] == "<" or text in seen:
                return text
            if _BEFORE.match(html[start - 1 : start]) or _AFTER.match(html[end : end + 1]):
                return text
            voce = self._meaning(text, service)
            if not voce:
                return text
            seen.add(text)
            return f'<abbr title="{escape(voce.termine)}">{text}</abbr>'

        return self._pattern.sub(mark, html)

    def _meaning(self, acronym: str, service: str) -> Voce | None:
        return self._by_service.get((acronym, service)) or self._general.get(acronym)
