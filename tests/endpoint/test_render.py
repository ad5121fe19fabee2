"""The HTML of the fields: one markup for the site and for the endpoint's pages."""

from html import unescape

from bs4 import BeautifulSoup, Tag
from endpoint_client import compiled
from hypothesis import given
from hypothesis import strategies as st

from endpoint.forms.checking import Error
from endpoint.forms.controls import anchor
from endpoint.forms.definition import read_definition
from endpoint.forms.render import form_html

FORM = read_definition(compiled())


def _soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def _one(soup: BeautifulSoup, selector: str) -> Tag:
    [found] = soup.select(selector)
    return found


def test_every_control_has_a_label_and_every_reference_a_target() -> None:
    soup = _soup(form_html(FORM, "/x", {}, [Error(f.id, f"Manca {f.id}") for f in FORM.campi]))
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    controls = soup.select("input:not([type=hidden]), select, textarea")
    assert {control["name"] for control in controls} == {f.id for f in FORM.campi} | {"_n"}
    assert {str(control["id"]) for control in controls} == {
        str(label["for"]) for label in soup.select("label")
    }
    for tag in soup.select("[aria-describedby]"):
        assert set(str(tag["aria-describedby"]).split()) <= set(ids)
    assert {anchor(field) for field in FORM.campi} <= set(ids)


def test_an_error_and_a_hint_describe_their_field() -> None:
    soup = _soup(form_html(FORM, "/x", {}, [Error("motivo", "Scrivi <meglio>.")]))
    control = _one(soup, "textarea")
    assert control["aria-describedby"] == "aiuto-motivo errore-motivo"
    assert control["aria-invalid"] == "true"
    assert _one(soup, "#errore-motivo").text == "Errore: Scrivi <meglio>."
    assert len(soup.select("[aria-invalid]")) == 1


def test_limits_and_required_are_those_of_the_form() -> None:
    soup = _soup(form_html(FORM, "/x"))
    assert _one(soup, "[name=nome]")["maxlength"] == "20"
    required = {str(tag["name"]) for tag in soup.select("[required]")}
    assert required == {"nome", "assistito"}  # not what is asked under a condition
    filled = {str(t["name"]): t["autocomplete"] for t in soup.select("[autocomplete]")}
    assert (filled["nome"], filled["email"], filled["nato_il"]) == ("given-name", "email", "bday")
    assert filled["altro_nome"] == filled["_n"] == "off"


def test_a_condition_is_said_once_and_heard_at_each_field() -> None:
    soup = _soup(form_html(FORM, "/x"))
    text = _one(soup, ".c-condition").text
    assert text == "Rispondi solo se alla voce «Scrivi per un altro?» hai scelto «Sì»."
    for name in ("altro_nome", "altro_eta"):
        assert "se-altro_nome" in str(_one(soup, f"[name={name}]")["aria-describedby"])


def test_choices_are_groups_with_a_legend_and_long_lists_a_menu() -> None:
    soup = _soup(form_html(FORM, "/x", {"giorni": ("si", "no"), "comune": "c3"}))
    legends = [legend.text for legend in soup.select("fieldset > legend")]
    assert legends == ["Scrivi per un altro?", "Giorni (facoltativo)", "Servizio (facoltativo)"]
    assert len(soup.select("[name=giorni][checked]")) == 2
    assert _one(soup, "option[selected]")["value"] == "c3"


def test_there_is_no_script_and_the_trap_is_said_to_be_left_empty() -> None:
    text = form_html(FORM, "/x")
    soup = _soup(text)
    assert not soup.select("script, [onclick], [style]")
    assert _one(soup, "label[for=campo_n]").text == "Lascia vuoto"
    assert _one(soup, "#campo_n")["tabindex"] == "-1"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_whatever_is_written_is_kept_and_stays_text(written: str) -> None:
    plain = form_html(FORM, "/x")
    text = form_html(FORM, "/x", {"nome": written, "motivo": f"\n{written}"})
    assert text.count("<") == plain.count("<")
    assert f"\n\n{written}</textarea>" in unescape(text)
    assert _one(_soup(text), "[name=nome]")["value"] == written
