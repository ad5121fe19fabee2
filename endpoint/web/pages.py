"""What all pages of the endpoint share, in Italian and without scripts.

What the body says (office, terms, remedies, other ways to reach it) comes as rows of data; nothing
of any one body stands here.
"""

from collections.abc import Iterable
from html import escape

from endpoint.cases.telling import Body


def frame(body: Body, title: str, inside: str) -> str:
    """A whole page; `inside` is HTML."""
    home = f' <a href="{escape(body.site)}">Torna al sito</a>' if body.site else ""
    return (
        '<!DOCTYPE html>\n<html lang="it">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)} – {escape(body.name)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="stylesheet" href="/stile.css">\n</head>\n<body>\n'
        f'<header class="c-head"><p>{escape(body.name)}{home}</p></header>\n'
        f"<main>\n{inside}\n</main>\n</body>\n</html>\n"
    )


def message_page(body: Body, title: str, sentence: str) -> str:
    """A page that says one thing."""
    return frame(body, title, f"<h1>{escape(title)}</h1>\n<p>{escape(sentence)}</p>\n")


def box(items: Iterable[tuple[str, str]]) -> str:
    """The box on top that says what to mend: the anchor of each field, and its sentence."""
    links = "".join(f'<li><a href="#{target}">{escape(text)}</a></li>' for target, text in items)
    # The role is on an inner element, so that the focus and the alert are not read twice.
    return (
        '<div class="c-problem" id="problema" tabindex="-1" autofocus><div role="alert">\n'
        f"<h2>C'è un problema</h2>\n<ul>{links}</ul>\n</div></div>\n"
    )


def paragraphs(text: str) -> str:
    """Text as paragraphs, parted at its empty lines."""
    parts = filter(None, map(str.strip, text.split("\n\n")))
    return "".join(f"<p>{escape(part)}</p>\n" for part in parts)


def listed(rows: Iterable[tuple[str, str]]) -> str:
    """Rows as a list of names and texts; their line breaks are kept."""
    items = "".join(
        f'<div><dt>{escape(name)}</dt><dd class="c-kept">{escape(text)}</dd></div>\n'
        for name, text in rows
    )
    return f'<dl class="c-rows">\n{items}</dl>'
