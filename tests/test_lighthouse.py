"""Lighthouse on the real site, with its mobile preset: the scores that are promised."""

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

import pytest
from in_browser import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.browser]

_LIGHTHOUSE = ROOT / ".venv" / "web" / "node_modules" / ".bin" / "lighthouse"
_CHROME_FLAGS = "--headless=new --no-sandbox --disable-gpu"
_EXACT = ("accessibility", "best-practices", "seo")
_PERFORMANCE = 98  # of 100, on the slow phone and network that Lighthouse simulates
_RUNS = 3
_PAGES = (
    "",
    "servizi/asilo-nido/",
    "servizi/centro-antiviolenza/",  # a delicate one: it carries the quick exit
    "comuni/casarano/",
    "cerca/",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What Lighthouse says of a page: scores from 0 to 100, audits below the full score."""

    scores: dict[str, int]
    below: dict[str, list[str]]

    @property
    def performance(self) -> int:
        """The score that changes from run to run."""
        return self.scores["performance"]


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page or "home")
def test_lighthouse_finds_nothing_to_correct(address: str, page: str) -> None:
    """Accessibility, best practices and SEO are 100, performance is at least 98.

    Performance is computed from a trace of this machine: one that is doing something else gives
    a lower score to the same page, never a higher one. So the best of up to three runs counts.
    The other scores do not depend on time: they must be full in every run.
    """
    best = 0
    for _ in range(_RUNS):
        report = _examine(address + page)
        short = {name: report.below[name] for name in _EXACT if report.scores[name] != 100}
        assert short == {}
        best = max(best, report.performance)
        if best >= _PERFORMANCE:
            return
    pytest.fail(f"performance {best}: {report.below['performance']}")


def _examine(url: str) -> Report:
    if not _LIGHTHOUSE.exists():
        pytest.fail("Manca Lighthouse: esegui «scripts/setup.sh test», come fa «make test».")
    command = [str(_LIGHTHOUSE), url, "--output=json", "--quiet", "--no-enable-error-reporting",
               f"--chrome-flags={_CHROME_FLAGS}"]  # fmt: skip
    env = os.environ | {"CHROME_PATH": "/usr/bin/chromium"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"Lighthouse non è riuscito ad aprire {url}:\n{done.stderr[-2000:]}")
    return _report(json.loads(done.stdout))


def _report(result: dict[str, Any]) -> Report:
    categories: dict[str, Any] = result["categories"]
    return Report(
        {name: _hundred(category["score"]) for name, category in categories.items()},
        {name: _below(category, result["audits"]) for name, category in categories.items()},
    )


def _below(category: dict[str, Any], audits: dict[str, Any]) -> list[str]:
    weighted = (audits[ref["id"]] for ref in category["auditRefs"] if ref["weight"])
    return [
        f"{audit['id']}: {_hundred(audit['score'])} ({audit.get('displayValue', audit['title'])})"
        for audit in weighted
        if audit["scoreDisplayMode"] != "notApplicable" and audit["score"] != 1
    ]


def _hundred(score: float | None) -> int:
    """Lighthouse gives 0 to 1, rounded to hundredths; none at all means that an audit failed."""
    return 0 if score is None else round(score * 100)
