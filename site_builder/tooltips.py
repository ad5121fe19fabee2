"""Explain acronyms where they first occur on a page: HTML in, HTML with their meanings out.

`<abbr title>` alone speaks only to the mouse. Here the acronym is a button that opens its meaning,
a `popover` of HTML itself, so no script is needed:
- keyboard and touch: Enter or a tap opens it, Esc or a tap elsewhere closes it, the focus stays;
- screen reader: the name of the button holds acronym and meaning («CAV: Centro antiviolenza»), said
  once; what opens is for the eyes and is hidden from the reader, which would say it again;
- print, and browsers too old for popovers: the meaning stands in brackets after the acronym.
A link to the glossary would lead away from the page, and a tooltip on hover or focus covers text
and cannot be dismissed without a script (WCAG 1.4.13).
"""

import re
from html import escape

from site_builder.model_carta import Glossary, Voce

# Inside these elements an acronym stays as it is: links and headings are names, not text.
_CLOSED = (
    r"<(?i:(a|abbr|h[1-6]|nav|form|summary|title|button|label|legend|script|template|caption))\b"
    r".*?</\1>"
)
# What nobody sees, such as the words that are there for the search.
_UNSEEN = r"<p\b[^>]*\shidden\b.*?</p>"
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
        self._pattern = re.compile("|".join((_CLOSED, _UNSEEN, "<[^>]*>", *words)), re.S)

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
            return _explained(text, voce)

        return self._pattern.sub(mark, html)

    def _meaning(self, acronym: str, service: str) -> Voce | None:
        return self._by_service.get((acronym, service)) or self._general.get(acronym)


def _explained(acronym: str, voce: Voce) -> str:
    meaning, id = escape(voce.termine), f"sigla-{voce.id}"
    return (
        f'<button type="button" class="c-abbr" popovertarget="{id}"><abbr>{acronym}</abbr>'
        f'<span class="c-hidden" data-pagefind-ignore>: {meaning}</span></button>'
        f'<span class="c-abbr__text" id="{id}" popover aria-hidden="true" data-pagefind-ignore>'
        f" {meaning}</span>"
    )
