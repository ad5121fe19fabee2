"""Explain acronyms where they first occur on a page: HTML in, HTML with `<abbr>` out."""

import re
from html import escape

from site_builder.model_carta import Glossary, Voce

# Inside these elements an acronym stays as it is: links and headings are names, not text.
_CLOSED = re.compile(r"</?(a|abbr|h1|h2|nav|summary|title|button|script|caption)\b", re.I)


class Tooltips:
    """The acronyms of a glossary, ready to be marked in many pages."""

    def __init__(self, glossary: Glossary) -> None:
        self._general = {v.sigla: v for v in glossary.voci if v.sigla and not v.servizi}
        self._by_service = {(v.sigla, id): v for v in glossary.voci if v.sigla for id in v.servizi}
        acronyms = {v.sigla for v in glossary.voci if v.sigla}
        words = "|".join(map(re.escape, sorted(acronyms, key=len, reverse=True)))
        self._pattern = re.compile(
            rf"<[^>]*>|(?<![\w.@/-])(?:{words})(?![\w@/-])" if words else "<>"
        )

    def add(self, html: str, service: str = "") -> str:
        """Mark the first occurrence of each acronym with its meaning (in the sheet `service`).

        An acronym with several meanings is left alone where none of them is known to hold.
        """
        seen: set[str] = set()
        depth = 0

        def mark(match: re.Match[str]) -> str:
            nonlocal depth
            text = match[0]
            if text[0] == "<":
                if _CLOSED.match(text):
                    depth += -1 if text[1] == "/" else 1
                return text
            voce = self._meaning(text, service)
            if depth or not voce or text in seen:
                return text
            seen.add(text)
            return f'<abbr title="{escape(voce.termine)}">{text}</abbr>'

        return self._pattern.sub(mark, html)

    def _meaning(self, acronym: str, service: str) -> Voce | None:
        return self._by_service.get((acronym, service)) or self._general.get(acronym)
