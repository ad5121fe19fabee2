"""Texts: no contacts hidden in prose, no open doubt forgotten, words people can read."""

import re
from collections.abc import Iterator
from datetime import date

from site_builder.catalog import Catalog
from site_builder.documents import PAGES, Document
from site_builder.loader import KeyPath
from site_builder.pointers import iter_leaves
from site_builder.readability import MIDDLE_SCHOOL, gulpease, hardest_sentence
from site_builder.rules.registry import Finding, iter_documents, rule
from site_builder.validation import load_schema

_PHONE = re.compile(
    r"(?<![\d/.,-])(\+39 ?)?(0\d{1,3}[ /.-]{0,2}\d{5,8}|3\d\d[ /.-]?\d{6,7})(?![\d/-])"
)
_PHONE_START = re.compile(r"[03]\d")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
# Fields that hold contacts, the doubts, which may quote them, and made-up answers.
_NOT_PROSE = frozenset(
    {
        "numero",
        "indirizzo",
        "pec",
        "url",
        "domini_email",
        "codice_fiscale",
        "sha256",
        "da_verificare",
        "esempi",
    }
)

# Words that give offence or are out of use, and what to say instead (advice only).
_DATED = (
    (r"diversamente abil\w+", "persona con disabilità"),
    (r"portator\w+ di handicap|handicappat\w+", "persona con disabilità"),
    (r"disabili\b", "persone con disabilità"),
    (r"invalid[oi]\b", "persona con invalidità"),
    (r"extracomunitari\w*", "cittadini di Paesi fuori dall'Unione europea"),
    (r"barbon\w+|senzatetto", "persone senza dimora"),
    (r"tossicodipendent\w+|tossic[oi]\b", "persone con dipendenza"),
)
# In small letters, and each pattern begins with a letter: so the search can skip fast.
_DATED_WORDS = re.compile("|".join(pattern for pattern, _ in _DATED))


@rule("contatto-nel-testo", "avvertenza")
def contacts_stand_apart(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A phone or mailbox inside prose is the one nobody corrects."""
    for document in iter_documents(catalog):
        for path, text in (*_texts(document, 10), ((), document.text)):
            found = _contact(text)
            if found and _NOT_PROSE.isdisjoint(path):
                yield Finding(
                    document, path, f"Nel testo c'è un recapito: «{found[0]}».",
                    "Mettilo in un contatto e qui richiama il contatto con il suo id.",
                )  # fmt: skip


def _contact(text: str) -> re.Match[str] | None:
    # Both patterns are slow, and nearly every text has neither an @ nor such digits.
    mail = _EMAIL.search(text) if "@" in text else None
    return mail or (_PHONE.search(text) if _PHONE_START.search(text) else None)


@rule("da-verificare", "avvertenza")
def open_doubts(catalog: Catalog, today: date) -> Iterator[Finding]:
    """What the source leaves in doubt stays on the list until the office has decided."""
    for document, path, doubt in _doubts(catalog):
        yield Finding(
            document, path, f"«{doubt['campo']}»: {doubt['motivo']}",
            "Chiedi all'ufficio; corretto il valore, togli questa voce.",
        )  # fmt: skip


@rule("da-verificare-campo", "errore")
def doubts_name_a_field(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A doubt must be about a field that exists."""
    for document, path, doubt in _doubts(catalog):
        field = doubt["campo"].split(".")[0]
        if field not in _fields(document.kind, path):
            yield Finding(
                document, (*path, "campo"), f"Il campo «{field}» non esiste.",
                "Scrivi il nome di un campo di questo file, per esempio «telefoni».",
            )  # fmt: skip


# Words that people say and no page shows: they need not be the right ones.
_HIDDEN = ("parole_chiave", "solo_ricerca")


@rule("parola-superata", "consiglio")
def dated_words(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Words that were once official and now keep people away."""
    for document in iter_documents(catalog):
        for path, text in _texts(document, 10) if _is_italian(document) else ():
            if (found := _DATED_WORDS.search(text.lower())) and path[0] not in _HIDDEN:
                better = next(new for old, new in _DATED if re.search(old, found[0]))
                written = text[slice(*found.span())]
                yield Finding(
                    document, path, f"«{written}» è una parola superata.", f"Meglio: «{better}»."
                )


@rule("leggibilita", "consiglio")
def readable_texts(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A text harder than the middle-school mark, with its hardest sentence."""
    for document in iter_documents(catalog, "services", "contacts", "forms", "notices"):
        for path, text in _texts(document, 100) if _is_italian(document) else ():
            index = gulpease(text)
            if index is not None and index < MIDDLE_SCHOOL:
                worst = hardest_sentence(text)
                shown = worst if len(worst) <= 120 else worst[:117] + "…"
                yield Finding(
                    document, path,
                    f"Indice Gulpease {index:.0f} (meglio almeno {MIDDLE_SCHOOL}).",
                    f"Comincia da qui: «{shown}»",
                )  # fmt: skip


def _is_italian(document: Document) -> bool:
    """Whether the texts of a document may be judged as Italian: only a page can say otherwise."""
    lingua = str(document.data.get("lingua", "it"))
    return document.kind != PAGES or lingua.split("-")[0] == "it"


def _fields(kind: str, path: KeyPath) -> dict[str, object]:
    """The fields that the record around `path` (a doubt's) may have."""
    schema = load_schema(kind)
    for step in path[:-2]:
        schema = schema["items"] if isinstance(step, int) else schema["properties"][step]
    prose: dict[str, object] = {"testo": {}} if kind == PAGES else {}
    return {**schema["properties"], **prose}


def _doubts(catalog: Catalog) -> Iterator[tuple[Document, KeyPath, dict[str, str]]]:
    for document in iter_documents(catalog):
        holders: list[tuple[KeyPath, dict[str, object]]] = [((), document.data)]
        for key in ("aree", "voci"):
            items = document.data.get(key, [])
            holders += [((key, i), v) for i, v in enumerate(items) if isinstance(v, dict)]
        for path, holder in holders:
            doubts = holder.get("da_verificare", [])
            assert isinstance(doubts, list)
            for index, doubt in enumerate(doubts):
                yield document, (*path, "da_verificare", index), doubt


def _texts(document: Document, minimum: int) -> Iterator[tuple[KeyPath, str]]:
    for path, value in iter_leaves(document.data):
        if isinstance(value, str) and len(value) >= minimum:
            yield path, value
