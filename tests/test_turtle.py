"""The writer of Turtle: what it writes, a reader that is not ours reads back word for word."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, XSD

from site_builder.opendata.turtle import Turtle, literal, text

BASE = "https://carta.example.it/"
EX = "https://example.org/"
PREFIXES = {"ex": EX, "xsd": str(XSD)}
# All that UTF-8 can carry.
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
slugs = st.text("abz019-", min_size=1, max_size=12)
ODD = 'a "b" \\ \n\r\t \0 \x7f \x85 \u2028 è 👵🏽 \\u0041 @it ^^xsd:date <x> # . """'


def written(**properties: Any) -> str:
    turtle = Turtle(PREFIXES, BASE)
    turtle.describe(f"{BASE}servizi/x/#servizio", "ex:Thing", properties)
    return str(turtle)


def read(turtle: str, found_at: str = BASE) -> Graph:
    return Graph().parse(data=turtle, format="turtle", publicID=found_at)


def objects(turtle: str, key: str) -> set[Any]:
    return set(read(turtle).objects(None, URIRef(EX + key)))


@settings(max_examples=60)
@given(words)
def test_words_survive(said: str) -> None:
    assert objects(written(**{"ex:said": text(said)}), "said") == {Literal(said, lang="it")}
    assert objects(written(**{"ex:said": literal(said)}), "said") == {Literal(said)}


def test_odd_words_survive_and_stay_on_their_line() -> None:
    turtle = written(**{"ex:said": text(ODD)})
    assert objects(turtle, "said") == {Literal(ODD, lang="it")}
    [line] = [line for line in turtle.splitlines() if "ex:said" in line]
    assert line.endswith('"@it .')


@pytest.mark.parametrize(
    ("value", "kind"), [("2026-11-21", "date"), ("164.61", "double"), ("P30D", "duration")]
)
def test_values_keep_their_type(value: str, kind: str) -> None:
    turtle = written(**{"ex:is": literal(value, f"xsd:{kind}")})
    assert objects(turtle, "is") == {Literal(value, datatype=XSD[kind])}


@settings(max_examples=30)
@given(slugs, slugs)
def test_names_under_the_base_are_written_short_and_read_whole(id: str, part: str) -> None:
    iri = f"{BASE}servizi/{id}/#{part}"
    turtle = Turtle(PREFIXES, BASE)
    turtle.describe(iri, "ex:Thing")
    assert f"\n<servizi/{id}/#{part}> a ex:Thing .\n" in str(turtle)
    assert set(read(str(turtle), "https://elsewhere.example/").subjects()) == {URIRef(iri)}


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0x2FFF), max_size=8))
@example("a/../b")
@example("a//b")
@example("//a")
@example("a:b")
@example("")
def test_whatever_follows_the_base_is_read_as_it_was_meant(rest: str) -> None:
    """`//x`, `a:b` and `..` would be read against the base as something else."""
    turtle = Turtle(PREFIXES, BASE)
    name = turtle.describe(BASE + rest, "ex:Thing")
    [subject] = read(str(turtle)).subjects()
    safe = "".join(f"%{ord(c):02X}" if c in '<>"{}|^`\\' or c <= " " else c for c in rest)
    assert str(subject) == BASE + safe, name


def test_without_a_base_a_short_name_belongs_to_the_place_of_the_file() -> None:
    turtle = Turtle(PREFIXES)
    turtle.describe("servizi.json", "ex:File")
    turtle.describe("./", "ex:Page")
    assert "@base" not in str(turtle)
    found = read(str(turtle), "https://any.example/dati/catalogo.ttl")
    assert {str(s) for s in found.subjects()} == {
        "https://any.example/dati/servizi.json",
        "https://any.example/dati/",
    }


@settings(max_examples=20)
@given(st.permutations([("a", "1"), ("a", "2"), ("b", "1"), ("c", ""), ("b", "1")]))
def test_the_order_in_which_things_are_said_does_not_matter(said: list[tuple[str, str]]) -> None:
    turtle = Turtle(PREFIXES, BASE)
    for thing, value in said:
        turtle.describe(BASE + thing, "ex:Thing", {"ex:is": literal(value) if value else ""})
    assert str(turtle) == (
        f"@base <{BASE}> .\n@prefix ex: <{EX}> .\n@prefix xsd: <{XSD}> .\n"
        '\n<a> a ex:Thing ;\n    ex:is "1", "2" .\n'
        '\n<b> a ex:Thing ;\n    ex:is "1" .\n'
        "\n<c> a ex:Thing .\n"
    )


def test_nothing_is_said_of_nothing() -> None:
    assert "ex:said" not in written(**{"ex:said": text("")})
    assert "ex:said" not in written(**{"ex:said": ["", ""]})
    assert Turtle(PREFIXES).name("") == ""


def test_several_types_and_a_second_reading() -> None:
    turtle = Turtle(PREFIXES, BASE)
    turtle.describe(f"{BASE}a", "ex:One ex:Two", {"ex:to": turtle.describe(f"{BASE}b", "ex:Three")})
    found = read(str(turtle))
    assert set(found.objects(URIRef(f"{BASE}a"), RDF.type)) == {
        URIRef(EX + "One"),
        URIRef(EX + "Two"),
    }
    assert isomorphic(found, read(found.serialize(format="turtle")))
