"""One change as a line: what was, what is; of a long text only the words that changed."""

import re
from typing import Any

from site_builder.diff.compare import RecordChange
from site_builder.diff.fields import Change
from site_builder.diff.lines import Line, Piece, line
from site_builder.diff.words import Words
from site_builder.differing import differences

_SHORT = 100  # characters that are read at a glance, before and after
_AROUND = 6  # words of the old text on each side of what changed
_UNALIKE = 0.6  # with a larger share of other words a text is another text


def change_line(words: Words, record: RecordChange, change: Change, hidden: bool) -> Line:
    """What happened to one field of a record; `hidden` if its values are not shown."""
    field = Piece(words.field(record.kind, change.path, change.items), "strong")
    if hidden:
        return line(field, f": {_hidden(change)} (il valore non si mostra)")
    if change.moved:
        return line(field, ": stesse voci, in un altro ordine: ", _new(words, record, change))
    return Line((field, *_told(words, record, change)))


def _told(words: Words, record: RecordChange, change: Change) -> list[Piece]:
    if record.old is None:
        return [Piece(f": {_new(words, record, change).text}")]
    if change.old in (None, ""):
        return [Piece(": aggiunto "), _new(words, record, change)]
    if change.new in (None, ""):
        return [Piece(": tolto "), _old(words, record, change)]
    old, new = _old(words, record, change), _new(words, record, change)
    if old.text == new.text:
        old, new = (
            Piece(_spelled(words, record, change, value), piece.style)
            for value, piece in ((change.old, old), (change.new, new))
        )
    if old.text == new.text:
        only_spaces = isinstance(change.new, str) and change.new.split() == change.old.split()
        what = "cambiano solo gli a capo" if only_spaces else "cambia ciò che qui non si mostra"
        return [Piece(f": {what} ("), new, Piece(")")]
    written = isinstance(change.new, str)
    if written and max(len(old.text), len(new.text)) > _SHORT:
        return [Piece(": "), *(word_pieces(old.text, new.text) or _both(old, new, True))]
    return [Piece(": "), *_both(old, new, written)]


def _both(old: Piece, new: Piece, quoted: bool) -> list[Piece]:
    """Before and now; words as they were written stand in quotes."""
    if any(re.search(r"[^\W\d]\s", piece.text) for piece in (old, new)) and quoted:
        old, new = (Piece(f"«{piece.text}»", piece.style) for piece in (old, new))
    return [Piece("prima "), old, Piece(", ora "), new]


def _old(words: Words, record: RecordChange, change: Change) -> Piece:
    return Piece(words.say(record.kind, change.path, change.old), "was")


def _new(words: Words, record: RecordChange, change: Change) -> Piece:
    return Piece(words.say(record.kind, change.path, change.new), "is")


def _spelled(words: Words, record: RecordChange, change: Change, value: Any) -> str:
    if hasattr(value, "__dataclass_fields__") and not words.is_personal(value):
        return words.spelled(record.kind, change.path, value)
    return words.say(record.kind, change.path, value)


def _hidden(change: Change) -> str:
    if change.old in (None, "", ()):
        return "aggiunto"
    return "tolto" if change.new in (None, "", ()) else "cambiato"


def word_pieces(old: str, new: str) -> list[Piece]:
    """The words that are gone and those that came, each with some around it.

    Empty if the two have too little in common: then they are better read one after the other.
    """
    before, after = re.findall(r"\S+", old), re.findall(r"\S+", new)
    found = list(differences(before, after))
    other = sum(last - first + stop - start for first, last, start, stop in found)
    if other > _UNALIKE * (len(before) + len(after)):
        return []
    pieces: list[Piece] = []
    told = 0
    for first, last, start, stop in found:
        pieces += [
            Piece(" ".join(_near(before[told:first], not pieces))),
            Piece(" ".join(before[first:last]), "gone"),
            Piece(" ".join(after[start:stop]), "came"),
        ]
        told = last
    rest = before[told:]
    pieces.append(Piece(" ".join([*rest[:_AROUND], "…"] if len(rest) > _AROUND else rest)))
    full = [piece for piece in pieces if piece.text]
    return [part for piece in full for part in (Piece(" "), piece)][1:]


def _near(kept: list[str], begins: bool) -> list[str]:
    """The words that stayed, those far from any change left out."""
    head = [] if begins else kept[:_AROUND]
    if len(kept) <= len(head) + _AROUND:
        return kept
    return [*head, "…", *kept[-_AROUND:]]
