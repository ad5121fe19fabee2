"""The endpoint does what its OpenAPI document says, and nothing else, whatever is sent to it."""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest
from endpoint_client import Client
from endpoint_process import ROOT

from endpoint.forms.definition import read_definition
from endpoint.web.limits import Limits
from site_builder.content import read_content
from site_builder.forms import body_data, compiled_forms
from site_builder.openapi import openapi

# What no schema can say: which days exist, what is asked only after another answer, which receipt
# numbers there are. So an answer that fits the document may still be refused.
_CHECKS = {"positive_data_acceptance": {"enabled": False}}


@pytest.mark.slow
@pytest.mark.parametrize("examples", [5, pytest.param(500, marks=pytest.mark.faults)])
def test_every_answer_is_one_that_the_document_names(
    examples: int, make_client: Callable[..., Client]
) -> None:
    # Its import takes half a second.
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    catalog, _ = read_content(ROOT)
    assert catalog
    forms = compiled_forms(catalog)
    client = make_client(*map(read_definition, forms.values()), limits=Limits(1e9))
    config = SchemathesisConfig.from_dict(
        {"generation": {"max-examples": examples, "deterministic": True}, "checks": _CHECKS}
    )
    document = openapi(forms, body_data(catalog, "", 2027))
    schema = schemathesis.openapi.from_dict(document, config=config)
    seen: Counter[tuple[str, int]] = Counter()
    bodies: dict[str, bytes] = {}
    schema.app = _watched(client.app, seen, bodies)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own and those of what it stands on
        found = list(from_schema(schema).execute())
    broken = [
        event for event in found if isinstance(event, events.NonFatalError | events.FatalError)
    ]
    assert broken == []
    scenarios = [event for event in found if isinstance(event, events.ScenarioFinished)]
    assert [said for event in scenarios for said in _failures(event, bodies)] == []
    # It was really asked: every address, the methods that there are and those that there are not.
    labels = {event.recorder.label for event in scenarios}
    assert {
        f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item
    } <= labels
    assert {status for method, status in seen if method == "TRACE"} == {405}
    assert {200, 400, 404, 405, 409, 415, 422} <= {status for _, status in seen}
    assert sum(seen.values()) > 900
    print(f"\n{sum(seen.values())} requests: {dict(sorted(seen.items()))}")


def _watched(
    app: Callable[..., Iterable[bytes]], seen: Counter[tuple[str, int]], bodies: dict[str, bytes]
) -> Any:
    def call(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        def note(status: str, *rest: Any) -> object:
            seen[environ["REQUEST_METHOD"], int(status[:3])] += 1
            return start(status, *rest)

        body = environ["wsgi.input"].read()
        bodies[environ.get("HTTP_X_SCHEMATHESIS_TESTCASEID", "")] = body
        return app({**environ, "wsgi.input": BytesIO(body)}, note)

    return call


def _failures(event: Any, bodies: dict[str, bytes]) -> Iterable[str]:
    for id, checks in event.recorder.checks.items():
        for check in checks:
            # What urlencoding has no words for, as an empty list, is left out on the way: then the
            # endpoint sees a form without answers, which one without required fields may be.
            is_lost = check.name == "negative_data_rejection" and bodies.get(id) == b""
            if check.failure_info and not is_lost:
                failure = check.failure_info
                sent = bodies.get(id)
                yield f"{event.recorder.label}: {failure.failure}\n{sent!r}"
