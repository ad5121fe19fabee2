"""Take the pictures of docs/redazione.md: follow its steps in a real browser, on fictitious data.

.venv/bin/python scripts/editing_pictures.py
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

# Only now can the helpers of the tests be found.
from editing import follow, no_error, preview, steps, trial_body  # noqa: E402
from in_browser import chromium  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

_SIZE = {"width": 960, "height": 600}


def main() -> None:
    """Write the pictures into docs/img/."""
    os.environ["LANGUAGE"] = os.environ["LC_ALL"] = "it_IT.UTF-8"  # how the browser writes a day
    guide = (ROOT / "docs" / "redazione.md").read_text("utf-8")
    found = steps(guide, "A. Sul computer dell'ufficio")
    with (
        tempfile.TemporaryDirectory() as folder,
        preview(trial_body(Path(folder, "ente"))) as site,
        chromium() as browser,
    ):
        page = browser.new_page(viewport=_SIZE, locale="it-IT", reduced_motion="reduce")
        page.goto(f"{site}admin/")
        page.get_by_role("button", name="Entra", exact=True).wait_for()
        _take(page, "1-entra")
        follow(page, found[0])
        follow(page, found[1])
        page.get_by_text("Risultati di ricerca").wait_for()
        _take(page, "2-cerca")
        follow(page, found[2])
        follow(page, found[3])
        page.mouse.move(_SIZE["width"] / 2, _SIZE["height"] / 2)
        page.mouse.wheel(0, 260)
        _take(page, "3-telefono")
        follow(page, found[4])
        page.get_by_role("button", name="Salva", exact=True).click()
        _take(page, "4-salva")
        page.keyboard.press("Escape")
        follow(page, found[5])
        follow(page, found[6])
        assert no_error(page)
        page.locator("#controllo summary").click()
        _take(page, "5-controllo")


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(400)
    page.screenshot(path=ROOT / "docs" / "img" / f"redazione-{name}.png")


if __name__ == "__main__":
    main()
