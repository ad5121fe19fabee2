"""Make a body of any size for the benchmarks: copies of the real sheets, all the real rest.

Copies get an id, a title, a code and standard ids of their own; contacts, areas, glossary, forms
and pages are those of the real body. The same number always gives the same files. With fewer
sheets than the real body has, references to those left out are left out too.
"""

import argparse
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import yaml

from site_builder.loader import parse

REAL = Path(__file__).resolve().parent.parent
_WITH_REFERENCES = ("carta.yml", "areas.yml", "glossary.yml", "without-sheet.yml", "standards/*")


def make_body(folder: Path, services: int) -> None:
    """Write a body with so many services into a folder, in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    sheets = folder / "content" / "services"
    shutil.copytree(REAL / "content", folder / "content", ignore=_leave_sheets)
    write_configuration(folder)
    sheets.mkdir()
    originals = sorted((REAL / "content" / "services").glob("*.yml"))
    for name, text in islice(_iter_sheets(originals), services):
        (sheets / f"{name}.yml").write_text(text, "utf-8")
    if services < len(originals):
        _forget(folder / "content", {path.stem for path in originals[services:]})


def write_configuration(folder: Path) -> None:
    """Write the real configuration of the site, without the prints: they have their own figures."""
    text = (REAL / "mkdocs.yml").read_text("utf-8")
    text, found = re.subn(r"^  - carta\b.*$", "  - carta: {prints: false}", text, flags=re.M)
    assert found == 1
    (folder / "mkdocs.yml").write_text(text, "utf-8")


def _leave_sheets(folder: str, names: list[str]) -> list[str]:
    return ["services"] if Path(folder) == REAL / "content" else []


def _iter_sheets(originals: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield (id, text) without end: first the real sheets, then copies of them."""
    texts = {path.stem: path.read_text("utf-8") for path in originals}
    codes = {name: re.findall(r"^codice: (\w)(\d+)", text, re.M)[0] for name, text in texts.items()}
    last = Counter[str]()
    for letter, number in codes.values():
        last[letter] = max(last[letter], int(number))
    yield from texts.items()
    for turn in count(2):
        for name, text in texts.items():
            letter, _ = codes[name]
            last[letter] += 1
            yield f"{name}-{turn}", _copy(text, f"{name}-{turn}", turn, f"{letter}{last[letter]}")


def _copy(text: str, name: str, turn: int, code: str) -> str:
    if not re.search(r"^standard", text, re.M):  # those of standards/ are of the real sheet only
        text += "standard_non_definiti: Vale lo standard della scheda da cui questa è copiata.\n"
    text = re.sub(r"^id: .*$", f"id: {name}", text, count=1, flags=re.M)
    text = re.sub(r"^codice: .*$", f"codice: {code}", text, count=1, flags=re.M)
    text = re.sub(r"^(titolo: .*?)(\"?)$", rf"\1 {turn}\2", text, count=1, flags=re.M)
    # The ids in lists are those of standards and sub-services.
    return re.sub(r"^(\s+- (?:\{)?id: [a-z0-9-]+)", rf"\1-{turn}", text, flags=re.M)


def _forget(content: Path, gone: set[str]) -> None:
    for pattern in (*_WITH_REFERENCES, "services/*"):
        for path in content.glob(pattern):
            data = _without(parse(path.read_text("utf-8"))[0], gone)
            path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    links = re.compile(rf"\[([^\]]*)\]\([^)]*servizi/(?:{'|'.join(gone)})\b[^)]*\)")
    for page in content.glob("pages/**/*.md"):
        page.write_text(links.sub(r"\1", page.read_text("utf-8")), "utf-8")


def _without(value: Any, gone: set[str]) -> Any:
    """The value without the names of sheets that are gone, and without entries only about them."""
    if isinstance(value, dict):
        kept = {key: _without(item, gone) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item or key != "servizi_collegati"}
    if isinstance(value, list):
        return [_without(item, gone) for item in value if not _is_about(item, gone)]
    return value


def _is_about(item: Any, gone: set[str]) -> bool:
    names = item.get("servizi", ()) if isinstance(item, dict) else (item,)
    return bool(names) and gone.issuperset(map(str, names))


def main() -> None:
    """Write one body into a folder."""
    parser = argparse.ArgumentParser(description="Prepara un ente finto di N schede.")
    parser.add_argument("services", type=int, help="quante schede")
    parser.add_argument("folder", type=Path, help="cartella da scrivere (quella che c'è si perde)")
    arguments = parser.parse_args()
    make_body(arguments.folder, arguments.services)


if __name__ == "__main__":
    main()
