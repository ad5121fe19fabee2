"""YAML as JSON-typed YAML: what stays text, what is refused and where, and never a traceback."""

import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from site_builder.loader import MAX_DEPTH, Refused, parse


def refusal(source: str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(source)
    return caught.value


# What YAML 1.1 (PyYAML as it comes) would read otherwise: 630, 540, 100, 30242, False, a date …
TEXTS = [
    "10:30", "9:00", "190:20:30", "00144", "073042", "+390833502428", "0x1F", "0o17", "0b11",
    "no", "No", "NO", "off", "OFF", "yes", "Yes", "on", "y", "n", "True", "FALSE", "Null", "NULL",
    "2024-01-01", "2024-01-01T10:00:00", "2024-01-01 10:00:00", "1_000", "1e3", "1.5e3", ".5", "5.",
    ".inf", "-.inf", ".nan", "=", "<<", "1,50", "1.000,00", "0833 502428", "1234567890123456",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text(text: str) -> None:
    assert parse(f"a: {text}\nb: [{text.replace(',', '')}]")[0]["a"] == text


@pytest.mark.parametrize("text", TEXTS)
def test_a_key_stays_text(text: str) -> None:
    assert parse(f"{text}: uno")[0] == {text: "uno"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None),
        ("0", 0), ("-3", -3), ("9360", 9360), ("999999999999999", 999_999_999_999_999),
        ("1.10", 1.1), ("-0.5", -0.5), ("6.000", 6.0),
        ('"10"', "10"), ("'true'", "true"), ('""', ""), ("'null'", "null"), ("!!str 10", "10"),
    ],
)  # fmt: skip
def test_json_scalars(text: str, value: Any) -> None:
    found = parse(f"a: {text}")[0]["a"]
    assert found == value
    assert type(found) is type(value)


def test_positions_are_those_of_keys_and_items() -> None:
    data, positions = parse("è: 1\nuno:\n  - due: x\n    tre: [4, 5]\n")
    assert data == {"è": 1, "uno": [{"due": "x", "tre": [4, 5]}]}
    assert positions == {
        (): (1, 1),
        ("è",): (1, 1),
        ("uno",): (2, 1),
        ("uno", 0): (3, 5),
        ("uno", 0, "due"): (3, 5),
        ("uno", 0, "tre"): (4, 5),
        ("uno", 0, "tre", 0): (4, 11),
        ("uno", 0, "tre", 1): (4, 14),
    }


def test_columns_count_characters_not_bytes() -> None:
    assert parse("{perché: 1, così: 2}")[1]["così",] == (1, 13)


@pytest.mark.parametrize(
    ("source", "line", "column", "rule", "said"),
    [
        ("", 1, 1, "file-vuoto", "vuoto"),
        ("# solo\n# commenti\n", 1, 1, "file-vuoto", "vuoto"),
        ("- uno\n- due\n", 1, 1, "sintassi", "campo: valore"),
        ("una frase\n", 1, 1, "sintassi", "campo: valore"),
        ("a: 1\nb: 2\n  a: 3\n", 3, 4, "sintassi", "rientro"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "chiave-doppia", "riga 1, colonna 1"),
        ("x:\n  - {a: 1, a: 2}\n", 2, 12, "chiave-doppia", "riga 2, colonna 6"),
        ("a:\n\tb: 1\n", 2, 1, "sintassi", "tabulazione"),
        ("a: 1\nnome Anna\nb: 2\n", 2, 1, "sintassi", "Manca un «:»"),
        ("a: orari: 9-12\n", 1, 9, "sintassi", "«:» dove non può stare"),
        ('a: 1\nb: "aperto\nc: 2\n', 2, 4, "sintassi", "virgoletta"),
        ("a: [1, 2\nb: 3\n", 2, 2, "sintassi", "punteggiatura"),
        ("a: 1\n---\nb: 2\n", 2, 1, "sintassi", "seconda riga «---»"),
        ("a: *nota\n", 1, 4, "sintassi", "asterisco"),
        ("a: @nota\n", 1, 4, "sintassi", "carattere"),
        ("a: %\n", 1, 4, "sintassi", "carattere"),
        ("%YAML 9.0\n---\na: 1\n", 1, 1, "sintassi", "da qui in poi"),
        ("a: &n [1]\nb: *n\n", 1, 4, "alias", "alias"),
        ("a: &n [*n]\n", 1, 4, "alias", "alias"),
        ("a: !ora 10\n", 1, 4, "etichetta", "!ora"),
        ("a: !!python/object:os.system x\n", 1, 4, "etichetta", "python"),
        ("a: !!binary aGk=\n", 1, 4, "etichetta", "binary"),
        ("a: !!set {b}\n", 1, 4, "etichetta", "set"),
        ("!nota {a: 1}\n", 1, 1, "etichetta", "!nota"),
        ("a: !!int 1_000\n", 1, 4, "etichetta", "int"),
        ("a: !!float inf\n", 1, 4, "etichetta", "float"),
        ("a: !!bool sì\n", 1, 4, "etichetta", "bool"),
        ("a: !!null x\n", 1, 4, "etichetta", "null"),
        ("? {a: 1}\n: 2\n", 1, 3, "sintassi", "una parola"),
        ("à: àà\nb: \x07\nc: 1\nd: 1\n", 2, 1, "carattere-vietato", "invisibile"),
        ("a: 'x\x00'\n", 1, 1, "carattere-vietato", "invisibile"),
    ],
)
def test_refused(source: str, line: int, column: int, rule: str, said: str) -> None:
    found = refusal(source)
    assert found.args[:3] == (line, column, rule)
    assert said in found.args[3]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\x85", "\u2028"])
def test_an_error_after_unusual_line_ends(end: str) -> None:
    assert refusal(end.join(["a: 1", "b: 2", "c: [", "", "", ""])).args[0] <= 6


def test_an_unclosed_last_line_is_still_in_the_file() -> None:
    assert refusal("a: 1\nb: [").args[:2] == (2, 5)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_deep_nesting_is_refused_and_fast(opening: str) -> None:
    start = time.perf_counter()
    assert "troppi livelli" in refusal("a:\n  " + opening * 200_000).args[3]
    assert time.perf_counter() - start < 1


def test_usual_nesting_is_read() -> None:
    levels = MAX_DEPTH - 2
    assert parse("a: " + "[" * levels + "1" + "]" * levels)


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    start = time.perf_counter()
    assert refusal("\n".join(lines)).args[2] == "alias"
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("digits", [16, 400, 5_000])
def test_numbers_beyond_use_stay_text(digits: int) -> None:
    number = "9" * digits
    assert parse(f"a: {number}\nb: {number}.5")[0] == {"a": number, "b": f"{number}.5"}


def test_long_plain_files_are_read_in_time() -> None:
    start = time.perf_counter()
    data, positions = parse("".join(f"campo{n}: [uno, due]\n" for n in range(10_000)))
    assert (len(data), len(positions)) == (10_000, 30_001)
    assert time.perf_counter() - start < 5


class QuotedDumper(yaml.SafeDumper):
    """Every text between double quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


QuotedDumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)

LIMIT = 10**14
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-LIMIT, LIMIT),
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    st.text(),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.booleans())
def test_what_is_written_with_quotes_is_read_back(data: dict[str, Any], flow: bool) -> None:
    source = yaml.dump(data, Dumper=QuotedDumper, default_flow_style=flow, allow_unicode=True)
    assert parse(source)[0] == data


# fmt: off
PIECES = st.sampled_from([
    "a", ": ", "\n", "- ", "  ", "[", "]", "{", "}", "'", '"', "&x ", "*x", "!", "|", ">", "# ",
    "---", "...", "? ", "%YAML 1.1", "\t", "\r\n", "1", "true", "!!int ", "<<",
])
# fmt: on
ANY_TEXT = (
    st.text()
    | st.text(alphabet="ab0:-[]{}'\"\n #&*!|>%@`,?.~\t\r\x85\u2028\ufeffàтў😀\x07")
    | st.lists(PIECES, max_size=25).map("".join)
)


@given(ANY_TEXT)
def test_any_text_is_read_or_refused_at_a_place_in_it(source: str) -> None:
    lines = source
    for end in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        lines = lines.replace(end, "\n")
    widths = [len(line) for line in lines.split("\n")]
    try:
        places = list(parse(source)[1].values())
    except Refused as refused:
        places = [refused.args[:2]]
    for line, column in places:
        assert 1 <= line <= len(widths)
        assert 1 <= column <= widths[line - 1] + 1
