"""Run axe-core on the pages of a site, in a process of its own: two processes, half the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import axe_playwright_python
from in_browser import chromium
from playwright.sync_api import Page

# WCAG 2.2 A and AA, and axe's own good practice. No rule is switched off.
_OPTIONS: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # axe leaves it off unless asked
    "resultTypes": ["violations"],
}
_RUN = """async options => {
    const found = await axe.run(document, options);
    const short = rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')}`
        + ` ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`.slice(0, 200));
    return {
        violations: found.violations.flatMap(short),
        unsure: found.incomplete.flatMap(short),
        rules: found.passes.map(rule => rule.id),
    };
}"""
Variant = tuple[int, str]
VARIANTS: tuple[Variant, ...] = tuple(product((360, 1280), ("light", "dark")))  # CSS pixels, scheme


@dataclass(frozen=True, slots=True)
class Report:
    """What axe found on one page in one variant; `unsure` is what it leaves to a person."""

    page: str
    violations: tuple[str, ...]
    unsure: tuple[str, ...]
    rules: frozenset[str]


def examine(visits: Sequence[tuple[str, Sequence[Variant]]]) -> list[Report]:
    """Run axe on pages, each in its variants. It is loaded once: only the view changes."""
    with chromium() as browser:
        page = browser.new_context(reduced_motion="reduce").new_page()
        return [report for visit in visits for report in _examine(page, *visit)]


def _examine(page: Page, address: str, variants: Sequence[Variant]) -> list[Report]:
    page.goto(address)
    return look(page, address, variants)


def look(page: Page, name: str, variants: Sequence[Variant] = VARIANTS) -> list[Report]:
    """Run axe on the page as it stands, in every variant that is asked for."""
    page.evaluate(_axe())  # not by a <script>, which a strict policy refuses
    reports = []
    for width, scheme in variants:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        found = page.evaluate(_RUN, _OPTIONS)
        reports.append(
            Report(
                f"{name} ({width} px, {scheme})",
                tuple(found["violations"]),
                tuple(found["unsure"]),
                frozenset(found["rules"]),
            )
        )
    return reports


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
