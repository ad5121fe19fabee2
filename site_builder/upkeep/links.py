"""The links that leave the site, told to whoever mends them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from site_builder.italian import date_words
from site_builder.outlinks import STATES, Known, Outlink, State, state_of
from site_builder.upkeep.told import Row

LINK_HEAD = (
    "indirizzo", "stato", "detto", "controllato il", "nuovo indirizzo", "rimedio", "dove",
)  # fmt: skip
_REMEDIES: dict[State, str] = {
    "morto": "Cerca l'indirizzo nuovo e scrivilo, oppure togli il collegamento.",
    "da riprovare": "Può essere il guasto di un giorno: riprova da domani in poi.",
    "spostato": "Scrivi l'indirizzo nuovo.",
    "bloccato": "Aprilo tu con il browser: da qui non si può sapere.",
    "mai controllato": "Lancia «carta report collegamenti» dove c'è la rete.",
    "buono": "",
}
_PLURALS: dict[State, str] = {
    "morto": "morti", "da riprovare": "da riprovare", "spostato": "spostati",
    "bloccato": "bloccati", "mai controllato": "mai controllati", "buono": "buoni",
}  # fmt: skip


def by_state(links: Sequence[Outlink], known: Mapping[str, Known]) -> list[tuple[State, Outlink]]:
    """The links with their state, the worst first."""
    pairs = [(state_of(link.url, known), link) for link in links]
    return sorted(pairs, key=lambda pair: (STATES.index(pair[0]), pair[1].url))


def count_words(links: Sequence[Outlink], known: Mapping[str, Known]) -> str:
    """«2 morti, 5 buoni»; empty if there is no link."""
    counts = Counter(state_of(link.url, known) for link in links)
    return ", ".join(
        f"{counts[state]} {state if counts[state] == 1 else _PLURALS[state]}"
        for state in STATES
        if counts[state]
    )


def link_text(links: Sequence[Outlink], known: Mapping[str, Known]) -> str:
    """How many there are, and what to do about those that are not simply good."""
    head = f"Collegamenti verso altri siti: {len(links)}"
    counts = count_words(links, known)
    bad = [pair for pair in by_state(links, known) if pair[0] != "buono"]
    told = (_told(link, state, known.get(link.url)) for state, link in bad)
    return "\n\n".join([f"{head} ({counts})." if counts else f"{head}.", *told]) + "\n"


def link_rows(links: Sequence[Outlink], known: Mapping[str, Known]) -> Iterator[Row]:
    """A row for each, under `LINK_HEAD`."""
    for state, link in by_state(links, known):
        answer = known.get(link.url)
        yield (
            link.url, state, said(answer), answer.asked.isoformat() if answer else "",
            answer.moved_to if answer else "", _REMEDIES[state],
            " ".join(f"{place.file}:{line}" for place, line in link.used),
        )  # fmt: skip


def said(answer: Known | None) -> str:
    """What the last question gave, in words."""
    if not answer:
        return "mai controllato"
    if not answer.failures:
        return answer.said
    days = len(answer.failures)
    since = f"dal {date_words(answer.failures[0])}"
    return f"{answer.said}; non va {since}" + (f" ({days} giorni diversi)" if days > 1 else "")


def _told(link: Outlink, state: State, answer: Known | None) -> str:
    (place, line), *others = link.used
    more = "".join(f"\n    Anche in: {other.file}:{at} {other.title}" for other, at in others)
    what = said(answer)
    return (
        f"{place.file}:{line} {place.title}: {link.url} [{state}]\n"
        f"    {what[:1].upper()}{what[1:]}.{more}\n"
        f"    Rimedio: {_REMEDIES[state]}"
    )
