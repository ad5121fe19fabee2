"""Forms: the endpoint takes them, their examples hold, and they say whose they are."""

from collections.abc import Iterator
from datetime import date

from site_builder import forms
from site_builder.catalog import Catalog
from site_builder.rules.registry import Finding, rule

# What mends a field that the endpoint refuses, by the key that is wrong.
_REMEDIES = {
    "tipo": "Aggiungi «opzioni», con un valore e un'etichetta per ogni risposta; o cambia «tipo».",
    "opzioni": "Dai a ogni risposta un «valore» suo.",
    "se": "In «se» scrivi un campo che viene prima e il «valore» di una delle sue opzioni.",
    "id": "Dai al campo un altro nome.",
}
# No key of the field is wrong: there is no room for it.
_TOO_MANY = "Togli dei campi o delle risposte da segnare, oppure dividi il modulo in due."


@rule("modulo-non-valido", "errore")
def forms_are_taken(catalog: Catalog, today: date) -> Iterator[Finding]:
    """What the endpoint would refuse to start with is said here, where it can be mended."""
    for form in catalog.forms.values():
        for path, said in forms.refusals(catalog, form):
            remedy = _REMEDIES.get(str(path[-1]), _TOO_MANY)
            yield Finding(catalog.documents["forms"][form.id], path, said, remedy)


@rule("opzioni-inutili", "errore")
def options_are_chosen_from(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Options belong to a choice: services and Comuni bring their own, the rest is written."""
    for form in catalog.forms.values():
        for index, field in enumerate(form.campi):
            if field.opzioni and field.tipo not in ("scelta", "scelta_multipla"):
                yield Finding(
                    catalog.documents["forms"][form.id], ("campi", index, "opzioni"),
                    f"Il campo «{field.id}» è di tipo «{field.tipo}»: le opzioni non servono.",
                    "Togli «opzioni», oppure scrivi «tipo: scelta».",
                )  # fmt: skip


@rule("esempio-sbagliato", "errore")
def examples_hold(catalog: Catalog, today: date) -> Iterator[Finding]:
    """An example must get the verdict that stands beside it."""
    for form in catalog.forms.values():
        for path, said in forms.wrong_examples(catalog, form, today):
            yield Finding(
                catalog.documents["forms"][form.id], path, said,
                "Correggi l'esempio, oppure il campo se è lui a sbagliare.",
            )  # fmt: skip


@rule("modulo-senza-fonte", "errore")
def own_forms_say_so(catalog: Catalog, today: date) -> Iterator[Finding]:
    """A form that no document has was added by the body, and must say it."""
    for form in catalog.forms.values():
        if not form.fonte and not form.dubbi("fonte"):
            yield Finding(
                catalog.documents["forms"][form.id], ("id",),
                f"Il modulo «{form.id}» non dice da quale documento viene.",
                "Aggiungi «fonte»; se l'ha aggiunto l'ente, «da_verificare» con «campo: fonte».",
            )  # fmt: skip


@rule("conservazione-non-indicata", "avvertenza")
def answers_are_erased(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Who gives data has to know for how long they are kept (art. 13 of Regulation 2016/679)."""
    for form in catalog.forms.values():
        if not form.anonimo and not form.conservazione:
            yield Finding(
                catalog.documents["forms"][form.id], ("id",),
                f"Il modulo «{form.id}» non dice per quanto si tengono le risposte.",
                "Chiedi all'ufficio e aggiungi «conservazione».",
            )  # fmt: skip
