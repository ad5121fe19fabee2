"""Plain text to HTML without ever letting markup through; a missing name is an error."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from site_builder.templating import FILTERS, prose, render


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Uno.", "<p>Uno.</p>"),
        ("Uno\ndue.\n", "<p>Uno due.</p>"),
        ("Uno.\n\nDue.", "<p>Uno.</p>\n<p>Due.</p>"),
        ("Uno.\n  \n\nDue.", "<p>Uno.</p>\n<p>Due.</p>"),
        ("- uno\n- due", "<ul><li>uno</li><li>due</li></ul>"),
        ("A:\n- uno\n- due\nB", "<p>A:</p>\n<ul><li>uno</li><li>due</li></ul>\n<p>B</p>"),
        ("- uno\n  ancora uno\n- due", "<ul><li>uno ancora uno</li><li>due</li></ul>"),
        ("-uno e - due", "<p>-uno e - due</p>"),
        ("<b>&\"'", "<p>&lt;b&gt;&amp;&#34;&#39;</p>"),
        ("- <script>", "<ul><li>&lt;script&gt;</li></ul>"),
    ],
)  # fmt: skip
def test_prose(text: str, expected: str) -> None:
    assert prose(text) == expected


TAGS = re.compile(r"</?(?:p|ul|li)>")


@given(st.text() | st.lists(st.sampled_from(["- ", "  ", "\n", "<b>", "&", "a", '"'])).map("".join))
def test_prose_lets_no_markup_through_and_loses_no_word(text: str) -> None:
    said = str(prose(text))
    bare = TAGS.sub(" ", said)
    assert not set("<>\"'") & set(bare)
    assert all(
        re.match(r"&(amp|lt|gt|#34|#39);", bare[m.start() :]) for m in re.finditer("&", bare)
    )
    assert [c for c in html.unescape(bare) if c.isalnum()] == [c for c in text if c.isalnum()]
    opened: list[str] = []
    for tag in TAGS.findall(said):
        if tag[1] == "/":
            assert opened.pop() == tag.replace("/", "")
        else:
            opened.append(tag)
    assert opened == []


def test_prose_is_not_escaped_again_in_a_template() -> None:
    assert hasattr(FILTERS["prose"]("x"), "__html__")


def test_a_missing_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("skeletons/contacts.yml")
