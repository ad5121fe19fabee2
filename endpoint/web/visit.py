"""One request that carries a form: what was sent, what may be sent, what goes with every page."""

from dataclasses import dataclass
from datetime import date

from endpoint.forms.body import Answers, Refused
from endpoint.forms.checking import Error, Values, check, clean
from endpoint.forms.definition import Definition
from endpoint.forms.render import HONEYPOT, TOKEN, VERSION
from endpoint.web import desk
from endpoint.web.desk import DESK

ACTION = "azione"
_OURS = (TOKEN, VERSION, HONEYPOT, DESK, ACTION)


@dataclass(frozen=True, slots=True)
class Visit:
    """The form as it is published, as it is asked here (at the desk with more), and the answers."""

    form: Definition
    asked: Definition
    answers: Answers

    def refuse_strangers(self, is_old: bool) -> None:
        """Raise Refused for names that the form does not have; an older one may have had them."""
        strangers = self.answers.keys() - self.asked.by_id.keys() - set(_OURS)
        if (strangers and not is_old) or any(len(self.answers.get(n, ())) > 1 for n in _OURS):
            raise Refused(400, "campi")

    def check(self, today: date) -> tuple[Values, list[Error]]:
        """The values and the errors in the order of the form."""
        values, errors = check(self.asked, self.answers, today)
        errors += desk.too_old(values, errors, today)
        order = [field.id for field in self.asked.campi]
        return values, sorted(errors, key=lambda error: order.index(error.campo))

    @property
    def kept(self) -> Values:
        """What was written in every field, also in those that are not asked."""
        kept: Values = {}
        for field in self.asked.campi:
            many_lines = field.tipo == "testo_lungo"
            given = tuple(clean(text, many_lines) for text in self.answers.get(field.id, ()))
            many = field.tipo == "scelta_multipla"
            kept[field.id] = given if many else next(iter(given), "")
        return kept

    def filed(self, values: Values) -> Values:
        """The values of the form itself, without those of the desk."""
        return {name: value for name, value in values.items() if name in self.form.by_id}

    def own(self, *names: str) -> dict[str, str]:
        """What the next page sends back unseen: these names, and the key of the desk if any."""
        kept = (name for name in (*names, DESK) if name in self.answers or name != DESK)
        return {name: next(iter(self.answers.get(name, ())), "") for name in kept}
