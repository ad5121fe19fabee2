"""The report as one page that needs nothing else: no script, no other file, light and dark."""

from site_builder.diff.lines import Section
from site_builder.templating import render


def as_html(report: Section) -> str:
    """The whole report as a page."""
    return render("diff/report.html", report=report)
