"""The citizen's way in a browser without scripts: from the site to the receipt and the state."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from citizen import World, fill, put, world
from playwright.sync_api import Browser, Error, Page, Route, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

FORMS = sorted(path.stem for path in (Path(__file__).parents[2] / "content/forms").glob("*.yml"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def _go_on(page: Page, button: str) -> int:
    with page.expect_navigation() as going:
        page.get_by_role("button", name=button, exact=True).click()
    assert going.value
    return going.value.status


def _opened(page: Page, town: World, form: str) -> None:
    page.goto(f"{town.site}/moduli/")
    page.get_by_role("main").get_by_role("link", name=town.forms[form].titolo, exact=True).click()
    expect(page).to_have_url(f"{town.site}/moduli/{form}/")


def _filed(page: Page, town: World, form: str = "reclamo") -> None:
    """On the check page, with every question answered."""
    page.goto(f"{town.site}/moduli/{form}/")
    fill(page, town.forms[form])
    assert _go_on(page, "Continua") == 200


def _cases(town: World) -> int:
    return len(list(town.store.cases()))


def _code(page: Page) -> str:
    return page.locator(".c-code").nth(1).inner_text()


@pytest.mark.parametrize("id", FORMS)
def test_from_the_site_to_the_state_without_scripts(page: Page, town: World, id: str) -> None:
    form, before = town.forms[id], _cases(town)
    _opened(page, town, id)
    needed = [field for field in form.campi if field.obbligatorio and not field.se]
    told = fill(page, form)
    if needed and not needed[0].opzioni:
        page.fill(f"#campo-{needed[0].id}", "")
        assert _go_on(page, "Continua") == 422
        _sees_the_error(page, form.titolo, needed[0].mancante)
        put(page, needed[0])
    assert _go_on(page, "Continua") == 200
    expect(page).to_have_title(re.compile("^Controlla le risposte – "))
    answers = page.locator("dl").first.inner_text()
    for question, answer in told.items():
        assert f"{question}\n{answer}" in answers
    assert _go_on(page, "Modifica") == 200
    long = [field for field in form.campi if field.tipo == "testo_lungo"]
    expect(page.locator(f"#campo-{long[0].id}")).to_have_value("Prima riga\n\nseconda <b>")
    assert _go_on(page, "Continua") == 200
    assert _go_on(page, "Invia") == 200  # after the redirect
    assert page.url.startswith(f"{town.endpoint}/ricevuta/")
    assert _cases(town) == before + 1
    if not form.anonimo:
        _sees_the_state(page, town)


def _sees_the_error(page: Page, title: str, sentence: str) -> None:
    assert sentence
    expect(page).to_have_title(re.compile(f"^Errore: {re.escape(title)}"))
    box = page.locator("#problema")
    expect(box).to_be_focused()
    page.keyboard.press("Tab")
    link = page.get_by_role("alert").get_by_role("link")
    expect(link).to_have_text([sentence])
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    field = page.locator("[aria-invalid=true]")
    expect(field).to_have_count(1)
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile(re.escape(f"Errore: {sentence}")))


def _sees_the_state(page: Page, town: World) -> None:
    expect(page).to_have_title(re.compile("^Modulo ricevuto – "))
    number, code = page.locator(".c-code").first.inner_text(), _code(page)
    page.get_by_role("link", name="a che punto è la pratica").click()
    page.get_by_label("Numero di ricevuta").fill(number.lower())
    page.get_by_label("Codice segreto").fill("sbagliato")
    assert _go_on(page, "Cerca") == 422
    expect(page.locator("#problema")).to_be_focused()
    expect(page.get_by_label("Numero di ricevuta")).to_have_value(number.lower())
    page.get_by_label("Codice segreto").fill(code.lower().replace("-", " "))
    assert _go_on(page, "Cerca") == 200
    expect(page.get_by_role("main")).to_contain_text(number)
    expect(page.get_by_role("main")).to_contain_text("non l'ha ancora protocollato")
    assert code not in page.content()
    assert page.url == f"{town.endpoint}/stato"


def test_a_double_click_is_one_submission_and_going_back_shows_no_answer(
    page: Page, town: World
) -> None:
    _filed(page, town)
    before = _cases(town)
    page.get_by_role("button", name="Invia").dblclick()
    page.wait_for_url("**/ricevuta/*")
    code = _code(page)
    page.reload()
    assert _code(page) == code
    # Nothing of the answers stays on the machine: the browser asks before it sends them again.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    expect(page.locator("body")).not_to_contain_text("seconda")
    assert _cases(town) == before + 1


def test_a_confirm_that_is_sent_again_gives_the_same_receipt(page: Page, town: World) -> None:
    """As when the answer to the first one is lost on the way."""
    _filed(page, town)
    before = _cases(town)

    def lose(route: Route) -> None:
        assert route.fetch(max_redirects=0).status == 303
        route.fulfill(status=204)

    page.route("**/conferma", lose)
    page.get_by_role("button", name="Invia").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert _cases(town) == before + 1
    page.unroute("**/conferma")
    assert _go_on(page, "Invia") == 200
    assert _code(page)
    assert _cases(town) == before + 1


def test_going_back_to_the_form_keeps_what_was_written(page: Page, town: World) -> None:
    _filed(page, town)
    page.go_back()
    expect(page.locator("#campo-motivo")).to_have_value("Prima riga\n\nseconda <b>")


def test_neither_addresses_nor_titles_tell_what_was_answered(page: Page, town: World) -> None:
    service = next(field for field in town.forms["reclamo"].campi if field.tipo == "servizio")
    secrets = [service.opzioni[0].valore, service.opzioni[0].etichetta, "Ada"]
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    _filed(page, town)
    seen.append(page.title())
    _go_on(page, "Modifica")
    page.fill("#campo-nome", "")
    _go_on(page, "Continua")
    seen.append(page.title())
    put(page, town.forms["reclamo"].campi[0])
    _go_on(page, "Continua")
    _go_on(page, "Invia")
    seen.append(page.title())
    assert len(seen) > 7
    assert not [text for text in seen for secret in secrets if secret in text]


def _answering(text: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=text, content_type="text/html")


_POLICIES = ("no-referrer", "same-origin", "strict-origin", "origin", "unsafe-url")


@pytest.mark.parametrize("policy", _POLICIES)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same site", "another site"])
def test_any_page_may_begin_and_only_ours_may_confirm(
    page: Page, town: World, policy: str, host: str
) -> None:
    """A form on whatever page leads to the check page; a forged confirm only leads there too."""
    before = _cases(town)
    address = f"{town.site.replace('127.0.0.1', host)}/moduli/reclamo/"
    head = f'<!doctype html><meta charset="utf-8"><meta name="referrer" content="{policy}">'

    text = page.request.get(f"{town.site}/moduli/reclamo/").text()
    found = re.search(r'<form class="c-form".*?</form>', text, re.S)
    assert found
    for target, status in (("/conferma", 403), ("", 200)):
        forged = head + found[0].replace('/moduli/reclamo"', f'/moduli/reclamo{target}"')
        page.route(address, _answering(forged))
        page.goto(address)
        fill(page, town.forms["reclamo"])
        assert _go_on(page, "Continua") == status
        expect(page.get_by_role("heading", level=1)).to_have_text("Controlla le risposte")
        page.unroute(address)
        assert _cases(town) == before
    assert _go_on(page, "Invia") == 200
    assert _cases(town) == before + 1


def test_the_site_sends_its_forms_nowhere_but_to_the_endpoint(
    browser: Browser, page: Page, town: World
) -> None:
    """The policy of the published pages, and a form that somebody would have changed in them."""
    address = f"{town.site}/moduli/reclamo/"
    answer = page.goto(address)
    assert answer
    assert f"form-action 'self' {town.endpoint};" in answer.headers["content-security-policy"]
    text = answer.text().replace(f'action="{town.endpoint}', 'action="http://127.0.0.1:9')
    page.route(address, lambda route: route.fulfill(body=text, headers=answer.headers))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.get_by_role("button", name="Continua").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert page.url == address
    assert not [url for url in asked if ":9/" in url]


def test_the_desk_files_what_came_by_telephone(page: Page, town: World) -> None:
    page.goto(f"{town.endpoint}/sportello/{town.desk}")
    page.get_by_role("link", name=town.forms["reclamo"].titolo).click()
    fill(page, town.forms["reclamo"])
    assert _go_on(page, "Continua") == 422
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(["Scegli come è arrivato."])
    page.get_by_label("Per telefono").check()
    assert _go_on(page, "Continua") == 200
    expect(page.locator("dl").first).to_contain_text("Per telefono")
    assert _go_on(page, "Invia") == 200
    assert [case.channel for case in town.store.cases()][-1] == "telefono"


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def test_with_scripts_a_question_is_shown_when_it_is_asked(scripted: Page, town: World) -> None:
    scripted.goto(f"{town.site}/moduli/reclamo/")
    group = scripted.get_by_role("group", name="Persona utente del Servizio")
    field = scripted.locator("#campo-assistito_nome_cognome")
    expect(group).to_be_hidden()
    scripted.get_by_label("parente o persona che si occupa dell'assistito").check()
    expect(group).to_be_visible()
    field.fill("Bea")
    scripted.get_by_label("utente del Servizio", exact=True).check()
    expect(field).to_be_hidden()
    scripted.get_by_label("parente o persona che si occupa dell'assistito").check()
    expect(field).to_have_value("Bea")
    # Who comes back finds the questions as they were.
    _go_on(scripted, "Continua")
    scripted.go_back()
    expect(group).to_be_visible()


def test_with_scripts_few_characters_left_are_told(scripted: Page, town: World) -> None:
    scripted.goto(f"{town.site}/moduli/contatto/")
    box = scripted.locator("#campo-che_cosa")
    told = scripted.get_by_role("status")
    box.fill("x" * 399)
    scripted.wait_for_timeout(1200)
    expect(told).to_have_text("")
    box.fill("x" * 599)
    expect(told).to_have_text("Resta 1 carattere.")
    box.fill("x" * 400)
    expect(told).to_have_text("Restano 200 caratteri.")
