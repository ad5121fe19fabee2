"""Erasing what has been kept long enough, told in Italian and without a number of anybody."""

from collections.abc import Iterator
from datetime import date

from endpoint.cases.counting import RATING
from endpoint.cases.days import day_of, long_date
from endpoint.cases.finding import find_case
from endpoint.cases.procedure import Retention
from endpoint.cases.retention import filing_day, first_year_kept, limits, start
from endpoint.context import Context
from endpoint.stores.store import Case

# What readers write of a page is no form of the body's: it is of use for a year's report.
_REMARKS = Retention(0, 12)


def _head(context: Context, is_trial: bool) -> str:
    name = "Prova: niente è stato cancellato" if is_trial else "Verbale di cancellazione"
    return f"{name}. {context.body.name}, {long_date(context.today)}."


def erase_one(context: Context, number: str, is_trial: bool) -> Iterator[str]:
    """Erase a submission, and tell it without its number."""
    yield _head(context, is_trial)
    case, store = find_case(context, number), context.store
    if is_trial:
        erased = any(kept.number == case.number for kept, _ in store.sealed())
    else:
        erased = store.erase_one(case.number)
    title = _title(context, case.form)
    yield (
        f"Su richiesta, {title}: contenuto e messaggi di 1 invio. Numero, date e passi restano"
        " per la relazione dell'anno."
        if erased
        else f"Su richiesta, {title}: il contenuto dell'invio non c'era già più."
    )


def erase_all(context: Context, is_trial: bool) -> Iterator[str]:
    """Erase what has been kept long enough, form by form, and tell how much it was."""
    yield _head(context, is_trial)
    kept = [case for case, _ in context.store.sealed()]
    left: set[str] = set()
    for form in dict.fromkeys((*context.forms, *(case.form for case in kept))):
        mine = [case for case in kept if case.form == form]
        rule = rule_of(context, form)
        if rule:
            yield _erase_form(context, form, rule, mine, is_trial)
            held = limits(rule, context.today)
            mine = [case for case in mine if held.holds(case)]
        else:
            yield (
                f"{_title(context, form)}: non è detto per quanto si conserva, quindi niente si"
                f" cancella. Contenuti conservati: {len(mine)}."
            )
        left |= {case.number for case in mine}
    yield _forget(context, left, is_trial)


def _erase_form(
    context: Context, form: str, rule: Retention, kept: list[Case], is_trial: bool
) -> str:
    held = limits(rule, context.today)
    due = [case for case in kept if not held.holds(case)]
    number = len(due)
    if not is_trial:
        number = context.store.erase(form, held.before, start(held.oldest))
    told = f"{_title(context, form)}: contenuti {number}"
    when = f"dopo {rule.mesi_al_massimo} mesi"
    if not is_anonymous(context, form):
        never = sum(filing_day(case) is None for case in due)
        told += f", di cui mai protocollati: {never}"
        when = f"{rule.giorni_dopo_protocollo} giorni dopo il protocollo, e comunque {when}"
    return f"{told}. Si cancellano {when}. Ne restano {len(kept) - len(due)}."


def _forget(context: Context, left: set[str], is_trial: bool) -> str:
    """Delete numbers, days and steps of what has no content any more; open cases stay."""
    day = date(first_year_kept(context.today), 1, 1)
    old = [c for c in context.store.cases() if c.received < start(day) and c.number not in left]
    still = [case.number for case in old if _is_open(context, case)]
    number = len(old) - len(still)
    if not is_trial:
        number = context.store.forget(start(day), still)
    rest = f" Ne restano {len(still)} di pratiche non chiuse." if still else ""
    return f"Numeri, date e passi di invii arrivati prima del {long_date(day)}: {number}.{rest}"


def _is_open(context: Context, case: Case) -> bool:
    rule = rule_of(context, case.form)
    is_young = not rule or day_of(case.received) >= limits(rule, context.today).oldest
    return case.state != "chiuso" and is_young and not is_anonymous(context, case.form)


def rule_of(context: Context, form: str) -> Retention | None:
    """How long the content of a form is kept; None if nobody has said."""
    return context.body.procedure(form).conservazione or (_REMARKS if form == RATING else None)


def is_anonymous(context: Context, form: str) -> bool:
    """Whether nobody files what comes with it."""
    known = context.forms.get(form)
    return form == RATING or bool(known and known.anonimo)


def _title(context: Context, form: str) -> str:
    known = context.forms.get(form)
    if form == RATING:
        return "Testi delle valutazioni"
    return f"«{known.titolo}»" if known else f"«{form}»"
