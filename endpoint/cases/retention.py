"""What is to be erased today, what is near its limit, and which years are over.

The content of a form is kept for some days after the office has filed it («protocollato»), and for
some months from its arrival at most, filed or not. Number, days and steps of a year are kept until
15 February of the next one, for the yearly report; of a case that is still open, until its limit.
"""

import hashlib
import hmac
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from endpoint.cases.days import ZONE, day_of
from endpoint.cases.procedure import Retention
from endpoint.stores.store import Case

_LAST_REPORT = (2, 15)
# What part of the time at most a submission may wait for its protocol before it is told.
_PATIENCE = 0.8
_SEAL = "Sigillo: "
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is erased on a day: filed before `before`, or received before `oldest`."""

    before: date
    oldest: date

    def holds(self, case: Case) -> bool:
        """Whether the content of a case may still be kept."""
        filed = filing_day(case)
        return day_of(case.received) >= self.oldest and (filed is None or filed >= self.before)


def limits(rule: Retention, today: date) -> Limits:
    """What a rule asks for on a day."""
    oldest = _months_after(today, -rule.mesi_al_massimo)
    while _months_after(oldest, rule.mesi_al_massimo) <= today:
        oldest += _DAY
    return Limits(today - timedelta(rule.giorni_dopo_protocollo) + _DAY, oldest)


def is_near(case: Case, rule: Retention, today: date) -> bool:
    """Whether a case that is not filed has had four fifths of its time."""
    received = day_of(case.received)
    whole = (_months_after(received, rule.mesi_al_massimo) - received).days
    return filing_day(case) is None and (today - received).days >= _PATIENCE * whole


def filing_day(case: Case) -> date | None:
    """The day on which the office filed a case."""
    return dict(case.steps).get("protocollato")


def first_year_kept(today: date) -> int:
    """The first year of which numbers, days and steps are still needed."""
    return today.year - (0 if (today.month, today.day) > _LAST_REPORT else 1)


def start(day: date) -> int:
    """When a day begins in Italy, in Unix seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp())


def sealed_report(lines: Iterable[str], secret: bytes) -> str:
    """A report with a last line by which it can be recognised."""
    text = "".join(f"{line}\n" for line in lines)
    return f"{text}{_SEAL}{_mac(text, secret)}\n"


def is_genuine(report: str, secrets: Sequence[bytes]) -> bool:
    """Whether a report was made with one of these secrets, and is as it was."""
    text, mark, mac = report.replace("\r\n", "\n").rpartition(_SEAL)
    given = mac.strip().encode()
    return bool(mark) and any(
        hmac.compare_digest(_mac(text, secret).encode(), given) for secret in secrets
    )


def _mac(text: str, secret: bytes) -> str:
    return hmac.digest(secret, b"verbale\0" + text.encode(), hashlib.sha256).hex()


def _months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month if that has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
