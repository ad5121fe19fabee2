"""A leaf to exchange: what to do with it, and whether its file has kept its old date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.dating import REMEDY, has_kept_day, kept_words, same_content
from site_builder.documents import Document
from site_builder.italian import listing
from site_builder.printing.parts import Part


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part to exchange: as it was, as it is. `shorter` if some of its text is gone."""

    old: Part | None
    new: Part | None
    shorter: bool = False

    @property
    def line(self) -> str:
        """What the person at the desk has to do."""
        old, new = self.old, self.new
        if new and not new.code:
            return new.title
        if old and new:
            return f"Togli il foglio {_named(old)}, metti il foglio {self._after(old, new)}"
        if new:
            return f"Aggiungi il foglio {_named(new)}"
        return f"Togli il foglio {_named(old)}: non serve più" if old else ""

    @staticmethod
    def _after(old: Part, new: Part) -> str:
        if old.day != new.day:
            return _named(new)
        return f"{new.code} dello stesso giorno" if new.day else f"{new.code} nuovo"


def late_dates(catalog: Catalog, old: Catalog, leaves: Iterable[Leaf]) -> Iterator[str]:
    """One for each file that has kept its date while what it prints has changed."""
    codes: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    for leaf in leaves:
        if leaf.new and leaf.old and _is_dated(leaf.new) and leaf.new.day == leaf.old.day:
            for document in _late(catalog, old, leaf.new):
                codes.setdefault(document.path, []).append(leaf.new.code)
                kept[document.path] = kept_words(document)
    for path, found in codes.items():
        sheets = "il foglio %s ha" if len(found) == 1 else "i fogli %s hanno"
        yield (
            f"{path}: quello che si stampa è cambiato, ma {kept[path]}: {sheets % listing(found)} "
            f"la data di prima. {REMEDY}"
        )


def _is_dated(part: Part) -> bool:
    """If its date is that of a text of its own; the index follows all the others."""
    return part.kind not in ("cornice", "indice")


def _late(catalog: Catalog, old: Catalog, part: Part) -> list[Document]:
    """The documents that should have another date; none if one of them already has."""
    shown = {id(record) for record in part.records}
    known = [
        (document, old.documents[kind].get(stem), id(catalog.records[kind][stem]))
        for kind, documents in catalog.documents.items()
        for stem, document in documents.items()
    ]
    own = [(new, was) for new, was, record in known if record in shown]
    changed = [(new, was) for new, was in own if not same_content(new, was)]
    if not changed:
        # Something that all share, or something gone: then the text of the leaf itself must say so.
        own_text = {id(record) for record in part.records[:1] if part.kind != "elenco"}
        return [new for new, _, record in known if record in own_text]
    return [new for new, was in changed if has_kept_day(new, was)]


def _named(part: Part) -> str:
    return f"{part.code} del {part.day:%d/%m/%Y}" if part.day else part.code
