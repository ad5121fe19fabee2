"""The chapters written by hand, on paper."""

import pytest

from site_builder.documents import Document
from site_builder.printing.chapters import chapter_html


def html_of(text: str, level: int = 2) -> str:
    return chapter_html(Document("pages", "content/pages/premessa.md", {}, {}, text), level)


def test_the_title_goes_and_the_headings_start_below_that_of_the_part() -> None:
    html = html_of("# Premessa\n\nUno.\n\n## Due\n\n### Tre\n")
    assert html == "<p>Uno.</p>\n<h3>Due</h3>\n<h4>Tre</h4>"


def test_a_section_for_the_site_alone_is_not_printed() -> None:
    html = html_of("Uno.\n\n## In questo sito {.solo-sito}\n\n- [A](a.md)\n\n## Due\n\nTre.\n")
    assert html == "<p>Uno.</p>\n<h3>Due</h3>\n<p>Tre.</p>"


def test_such_a_section_at_the_end_goes_whole() -> None:
    assert html_of("Uno.\n\n## Qui {.solo-sito}\n\n- [A](a.md)\n").strip() == "<p>Uno.</p>"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("introduzione.md", "/introduzione/"),
        ("servizi/index.md", "/servizi/"),
        ("reclami/index.md#tempi", "/reclami/#tempi"),
        ("https://www.example.it/", "https://www.example.it/"),
        ("mailto:a@example.it", "mailto:a@example.it"),
    ],
)
def test_links_to_pages_start_at_the_root(link: str, address: str) -> None:
    assert html_of(f"[A]({link})\n") == f'<p><a href="{address}">A</a></p>'


def test_the_heads_of_a_table_head_their_columns() -> None:
    html = html_of("| Chi | Quando |\n|---|---|\n| Anna | Oggi |\n")
    assert html.count('<th scope="col">') == 2
