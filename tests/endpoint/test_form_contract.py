"""One definition, one verdict: the YAML's examples, the browser's constraints, the endpoint."""

from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from typing import Any

import pytest
from endpoint_client import compiled
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from in_browser import ROOT
from playwright.sync_api import Browser, Page

from endpoint.forms.checking import check
from endpoint.forms.controls import anchor
from endpoint.forms.definition import Definition, Field, read_definition
from endpoint.forms.render import form_html
from site_builder.content import read_content
from site_builder.forms import compiled_forms

_CATALOG, _ = read_content(ROOT)
assert _CATALOG
_COMPILED = compiled_forms(_CATALOG)
FORMS = {id: read_definition(data) for id, data in _COMPILED.items()}
EXAMPLES = [(id, example) for id, data in _COMPILED.items() for example in data["esempi"]]
_NAMES = [f"{id}: {example['nome']}" for id, example in EXAMPLES]
_TODAY = date(2027, 1, 15)  # that of the client's clock

Answers = Mapping[str, tuple[str, ...]]

# Put answers into the form and ask the browser for its verdict on each. A length is limited while
# one types, so that what is put in by a script has to be measured.
_VERDICTS = """answers => {
    const wrong = new Set(), form = document.querySelector('form');
    for (const item of form.elements) {
        const given = answers[item.name];
        if (!given || item.type === 'hidden') continue;
        if (item.type === 'radio' || item.type === 'checkbox')
            item.checked = given.includes(item.value);
        else item.value = given[0] ?? '';
        if (item.type !== 'radio' && item.type !== 'checkbox' && item.value !== (given[0] ?? ''))
            wrong.add(item.name); // no such choice
    }
    for (const [name, given] of Object.entries(answers)) {
        const items = [...form.elements].filter(item => item.name === name);
        if (items[0]?.type === 'radio' && given[0] && !items.some(item => item.value === given[0]))
            wrong.add(name);
    }
    for (const item of form.elements) {
        if (!item.name || item.type === 'hidden') continue;
        const long = item.maxLength >= 0 && item.value.length > item.maxLength;
        if (!item.validity.valid || long) wrong.add(item.name);
    }
    return [...wrong];
}"""


def _answers(example: Mapping[str, Any]) -> Answers:
    sent = example["risposte"].items()
    return {name: (value,) if isinstance(value, str) else tuple(value) for name, value in sent}


def test_every_form_has_examples_that_hold_and_examples_that_do_not() -> None:
    for id in FORMS:
        verdicts = {bool(example.get("errori")) for form, example in EXAMPLES if form == id}
        assert verdicts == {True, False}, id


@pytest.mark.parametrize(("id", "example"), EXAMPLES, ids=_NAMES)
def test_the_endpoint_says_of_an_example_what_the_yaml_says(
    id: str, example: dict[str, Any], make_client: Any
) -> None:
    form, wanted = FORMS[id], example.get("errori") or {}
    client = make_client(form)
    page = client.post(f"/moduli/{id}", _answers(example))
    assert page.status == (422 if wanted else 200)
    text = unescape(page.text)
    for name, sentence in wanted.items():
        target = anchor(form.by_id[name])
        assert f'<li><a href="#{target}">{sentence}</a></li>' in text
        said = f'id="errore-{name}"><span class="c-hidden">Errore: </span>{sentence}</p>'
        assert said in text
    assert text.count('class="c-error"') == len(wanted)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(("id", "example"), EXAMPLES, ids=_NAMES)
def test_the_browser_agrees_on_every_example(
    id: str, example: dict[str, Any], browser: Browser
) -> None:
    page = browser.new_page()
    _agree(page, FORMS[id], _answers(example))
    page.close()


def _agree(page: Page, form: Definition, answers: Answers) -> None:
    """The markup refuses nothing else than the endpoint, and all that HTML has words for."""
    page.set_content(form_html(form, "https://moduli.example.it/"))
    every = {field.id: list(answers.get(field.id, ())) for field in form.campi}
    refused = set(page.evaluate(_VERDICTS, every))
    values, errors = check(form, answers, _TODAY)
    wrong = {error.campo for error in errors}
    asked = {name: field for name, field in form.by_id.items() if name in values}
    assert refused & asked.keys() <= wrong, (refused, wrong)
    # What is not asked may stay empty.
    assert not [name for name in refused - asked.keys() if not any(answers.get(name, ()))]
    for name in wrong - refused:
        assert not _can_tell(asked[name], answers.get(name, ())), (name, answers.get(name))


def _can_tell(field: Field, given: tuple[str, ...]) -> bool:
    """Whether HTML has a word for what is wrong: a missing answer, a length, an unknown choice.

    It has none for a day that does not exist, for a condition, for a group of boxes.
    """
    text = given[0] if given else ""
    if field.tipo == "scelta_multipla" or len(given) > 1:
        return False
    if not text:
        return field.obbligatorio and field.se is None
    if field.opzioni:
        return text not in field.label_of
    return len(text.strip()) > field.lunghezza_max or (
        field.tipo == "email" and "@" not in text.strip("@")
    )


_OPTIONS = [{"valore": "si", "etichetta": "Sì"}, {"valore": "no", "etichetta": "No"}]
_LONG = [{"valore": f"c{n}", "etichetta": f"Comune {n}"} for n in range(12)]
_WORDS = st.sampled_from(
    [
        "",
        "Ada",
        "ada@example.it",
        "ada",
        "3",
        "3,5",
        "27/3/1980",
        "0833 000000",
        "si",
        "c3",
        "altro",
    ]
) | st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=12)


@st.composite
def _forms(draw: st.DrawFn) -> Definition:
    fields: list[dict[str, Any]] = []
    kinds = ("testo", "testo_lungo", "data", "email", "telefono", "numero", "scelta",
             "scelta_multipla", "comune")  # fmt: skip
    for number, tipo in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=6))):
        options = {"scelta": _OPTIONS, "scelta_multipla": _OPTIONS, "comune": _LONG}.get(tipo, [])
        earlier = [item["id"] for item in fields if item["tipo"] == "scelta"]
        on = draw(st.sampled_from([None, *earlier]))
        fields.append({
            "id": f"campo_{number}", "etichetta": f"Domanda {number}", "tipo": tipo,
            "obbligatorio": draw(st.booleans()), "opzioni": options,
            "lunghezza_max": draw(st.sampled_from([3, 10, 5000])),
            "se": on and {"campo": on, "valore": "si"},
        })  # fmt: skip
    return read_definition(compiled(campi=fields))


@pytest.mark.slow
@pytest.mark.browser
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_browser_agrees_on_whatever_form_and_answer(data: st.DataObject, tab: Page) -> None:
    form = data.draw(_forms())
    answers = {field.id: (data.draw(_WORDS),) for field in form.campi}
    _agree(tab, form, answers)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()
