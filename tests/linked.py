"""Linked data in tests: read it, hold it to shapes, and damage it on purpose."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from bodies import ROOT
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Node

STANDARDS = ROOT.parent / "shared" / "standards"
NOWHERE = URIRef("https://nowhere.invalid/#untyped")


def read(turtle: str, found_at: str = "https://found.example/dati/x.ttl") -> Graph:
    """A file of Turtle as a graph."""
    return Graph().parse(data=turtle, format="turtle", publicID=found_at)


@cache
def shapes(path: Path) -> Graph:
    """The shapes in a file; without the file the test is left out."""
    if not path.is_file():
        pytest.skip(f"mancano gli schemi ufficiali: {path}")
    with _bytes_are_not_ours():
        return Graph().parse(path, format="turtle")


def refusal(graph: Graph, path: Path) -> str:
    """What the shapes have against a graph; nothing if it conforms."""
    from pyshacl import validate  # takes half a second to load, and fast tests need none of it

    with _bytes_are_not_ours():
        conforms, _, words = validate(graph, shacl_graph=shapes(path))
    return "" if conforms else words


@contextmanager
def _bytes_are_not_ours() -> Iterator[None]:
    """The library compares text with bytes to read «true», which we else forbid (`-bb`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BytesWarning)
        yield


@dataclass(frozen=True)
class Rule:
    """What a shape asks of one property of one class."""

    of: Node
    path: Node
    asks: URIRef
    value: Node


def rules(path: Path) -> Iterator[Rule]:
    """All that the shapes ask of properties."""
    graph = shapes(path)
    for shape, target in graph.subject_objects(SH.targetClass):
        for part in graph.objects(shape, SH.property):
            where = graph.value(part, SH.path)
            for asks, value in graph.predicate_objects(part):
                if asks in (SH.minCount, SH.maxCount, SH.datatype, SH["class"], SH.pattern):
                    yield Rule(target, where, asks, value)


def damages(graph: Graph, path: Path) -> Iterator[tuple[str, Graph]]:
    """The graph with one fault for each rule that it can break, and what the fault is."""
    for rule in sorted(set(rules(path)), key=repr):
        things = sorted(graph.subjects(RDF.type, rule.of))
        thing = next((it for it in things if (it, rule.path, None) in graph), None)
        if thing is None or (rule.asks == SH.minCount and int(rule.value) == 0):
            continue
        yield _name(rule), _damaged(graph, rule, thing)


def _damaged(graph: Graph, rule: Rule, thing: Node) -> Graph:
    worse = Graph() + graph
    one = min(graph.objects(thing, rule.path))
    if rule.asks == SH.maxCount:
        worse += _another(graph, one, thing, rule.path)
        return worse
    worse.remove((thing, rule.path, None))
    wrong: dict[Node, Node] = {
        SH.datatype: Literal("plain") if rule.value != XSD.string else Literal(1),
        SH["class"]: NOWHERE,
        SH.pattern: NOWHERE,
    }
    if rule.asks in wrong:
        worse.add((thing, rule.path, wrong[rule.asks]))
    return worse


def _another(graph: Graph, one: Node, thing: Node, path: Node) -> Graph:
    """A second value, as good as the first."""
    more = Graph()
    if isinstance(one, Literal):
        value = {XSD.duration: "P2D", XSD.date: "2020-02-02"}.get(one.datatype, "2")
        other: Node = Literal(value, datatype=one.datatype, lang=one.language)
    else:
        other = URIRef(f"{one}-2")
        for key, what in graph.predicate_objects(one):
            more.add((other, key, what))
    more.add((thing, path, other))
    return more


def _name(rule: Rule) -> str:
    return f"{_short(rule.of)} {_short(rule.path)} {_short(rule.asks)}"


def _short(name: Node) -> str:
    return str(name).replace("#", "/").rpartition("/")[2]


def untagged(graph: Graph, path: Path) -> set[str]:
    """Where a text without its language, or a value without its type, gets past the shapes."""
    said = {
        (of, key)
        for thing, of in graph.subject_objects(RDF.type)
        for key, value in graph.predicate_objects(thing)
        if isinstance(value, Literal) and (value.language or value.datatype)
    }
    return {f"{_short(of)} {_short(key)}" for of, key in said if _passes(graph, path, of, key)}


def _passes(graph: Graph, path: Path, of: Node, key: Node) -> bool:
    thing = min(it for it in graph.subjects(RDF.type, of) if (it, key, None) in graph)
    worse = Graph() + graph
    worse.set((thing, key, Literal("plain")))
    return not refusal(worse, path)
