"""Ask many addresses: a few sites at a time, and each of them one question after the other."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from urllib.parse import urlsplit

from site_builder.errors import ContentError
from site_builder.network.answers import Answer
from site_builder.network.probe import Manners, probe
from site_builder.outlinks import Known, remembered

_AT_ONCE = 6  # sites
_PAUSE = 1.0  # seconds between two questions to the same site
_NO_NETWORK = (
    "Non risponde nessun sito: probabilmente qui manca la rete, o ci vuole un proxy. Non ho "
    "cambiato niente: «carta report collegamenti --senza-rete» dice che cosa si sapeva."
)

Progress = Callable[[int, int], None]  # told (addresses asked, addresses in all)


def ask_all(
    urls: Iterable[str],
    known: Mapping[str, Known],
    today: date,
    manners: Manners,
    pause: float = _PAUSE,
    progress: Progress | None = None,
) -> dict[str, Known]:
    """What is known of the addresses once those have been asked of which too little was.

    What was known of other addresses is forgotten: nobody links to them any more. Raises
    ContentError if several sites were asked and nothing came from any: then nothing was learnt.
    """
    wanted = list(dict.fromkeys(urls))
    kept = {url: known[url] for url in wanted if url in known}
    asked = [url for url in wanted if url not in kept or not kept[url].is_fresh(today)]
    sites, answers = _by_site(asked), dict[str, Answer]()
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        rounds = [workers.submit(_visit, group, manners, pause) for group in sites]
        for finished in as_completed(rounds):
            answers |= finished.result()
            if progress:
                progress(len(answers), len(asked))
    if len(sites) > 1 and not any(answer.reached for answer in answers.values()):
        raise ContentError(_NO_NETWORK)
    for url, answer in answers.items():
        new = Known(today, answer.outcome, answer.said, answer.moved_to)
        kept[url] = remembered(kept.get(url), new)
    return kept


def _by_site(urls: list[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for url in urls:
        groups.setdefault(_site(url), []).append(url)
    return list(groups.values())


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _visit(urls: list[str], manners: Manners, pause: float) -> dict[str, Answer]:
    answers = {}
    for place, url in enumerate(urls):
        if place:
            time.sleep(pause)
        answers[url] = probe(url, manners)
    return answers
