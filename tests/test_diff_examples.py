"""The comment of whole cases: a folder of tests/examples/diff/ is a test.

`prima` and `dopo` hold the files that are laid over the small body of the tests, the second over
the first; `atteso.md` is the comment for the request, without the list of pages, which any new
page of the site would change.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from site_builder.check import check_content
from site_builder.diff.markdown import as_markdown
from site_builder.diff.report import build_report
from site_builder.diff.sight import Side
from tests.conftest import Body

CASES = sorted(path for path in (Path(__file__).parent / "examples" / "diff").iterdir())


def _laid(folder: Path, over: Path, today: date) -> Side:
    for path in sorted(over.rglob("*.yml")):
        target = folder / path.relative_to(over)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    catalog, problems = check_content(folder, today)
    assert catalog
    assert [problem.as_text() for problem in problems if problem.level == "errore"] == []
    return Side.of(catalog, problems)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_report_is_the_one_that_a_person_has_read(case: Path, body: Body, today: date) -> None:
    folder = body()
    old, new = (_laid(folder, case / side, today) for side in ("prima", "dopo"))
    command = "carta pdf --fogli-modificati origin/main"
    said = as_markdown(build_report(old, new, "dal 01/03/2026", command))
    said = re.sub(r"\n<details>.*?</details>\n", "", said, flags=re.S)
    assert said == (case / "atteso.md").read_text("utf-8")
