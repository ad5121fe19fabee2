"""A whole submission through each platform's own events: Lambda (three kinds), Azure Functions.

On Cloud Run, Knative and in a container the endpoint is a process on a port: test_servi.py.
"""

import base64
import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import azure.functions as func
import pytest
from endpoint_client import GOOD
from endpoint_process import FORM, URLENCODED, confirmation, environment

from endpoint.settings import SettingsError

if TYPE_CHECKING:
    from postgres_server import Server

HOST = "moduli.example.it"
# Status, headers with small letters, text.
Answer = tuple[int, Mapping[str, str], str]
Send = Callable[[str, str, str | None], Answer]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Import an adapter anew, as the platform does: once, with its environment."""

    def loader(name: str, **changes: str) -> ModuleType:
        for key, value in environment(tmp_path, **changes).items():
            monkeypatch.setenv(key, value)
        sys.modules.pop(f"endpoint.{name}", None)
        loaded.append(importlib.import_module(f"endpoint.{name}"))
        return loaded[-1]

    loaded: list[ModuleType] = []
    yield loader
    for module in loaded:
        module.context.store.close()
        sys.modules.pop(module.__name__, None)


def _http_api(method: str, path: str, body: str | None) -> dict[str, Any]:
    """API Gateway, HTTP API: payload format 2.0. It gives forms encoded."""
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {"host": HOST, "x-forwarded-proto": "https", "x-forwarded-port": "443",
                    "x-forwarded-for": "192.0.2.77",
                    **({"content-type": URLENCODED["Content-Type"]} if body else {})},
        "requestContext": {
            "accountId": "123456789012", "apiId": "api-id", "domainName": HOST,
            "domainPrefix": "id", "requestId": "id", "routeKey": "$default", "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1",
                     "sourceIp": "192.0.2.77", "userAgent": "agent"},
            "time": "22/Nov/2026:10:00:00 +0000", "timeEpoch": 1795341600000,
        },
        **({"body": base64.b64encode(body.encode()).decode()} if body else {}),
        "isBase64Encoded": bool(body),
    }  # fmt: skip


def _rest_api(method: str, path: str, body: str | None) -> dict[str, Any]:
    """API Gateway, REST API: payload format 1.0."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", **(URLENCODED if body else {})}
    return {
        "resource": "/{proxy+}", "path": path, "httpMethod": method, "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None, "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path[1:]}, "stageVariables": None,
        "requestContext": {
            "resourceId": "id", "resourcePath": "/{proxy+}", "httpMethod": method, "path": path,
            "accountId": "123456789012", "protocol": "HTTP/1.1", "stage": "prod",
            "requestTimeEpoch": 1795341600000, "requestId": "id", "apiId": "api-id",
            "identity": {"sourceIp": "192.0.2.77", "userAgent": "agent"}, "domainName": HOST,
        },
        "body": body, "isBase64Encoded": False,
    }  # fmt: skip


def _balancer(method: str, path: str, body: str | None) -> dict[str, Any]:
    """An Application Load Balancer in front of a function."""
    arn = "arn:aws:elasticloadbalancing:eu-south-1:123456789012:targetgroup/moduli/0123456789abcdef"
    return {
        "requestContext": {"elb": {"targetGroupArn": arn}}, "httpMethod": method, "path": path,
        "queryStringParameters": {},
        "headers": {"host": HOST, "x-forwarded-proto": "https", "x-forwarded-port": "443",
                    **({"content-type": URLENCODED["Content-Type"]} if body else {})},
        "body": body or "", "isBase64Encoded": False,
    }  # fmt: skip


def _submit(send: Send) -> None:
    """Both steps, the receipt, and the same confirm again: one receipt."""
    status, headers, page = send("GET", FORM, None)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in headers["content-security-policy"]
    status, _, page = send("POST", FORM, urlencode(GOOD, doseq=True))
    assert status == 200, page
    assert "Controlla le risposte" in page
    confirm = urlencode(confirmation(page), doseq=True)
    status, headers, _ = send("POST", f"{FORM}/conferma", confirm)
    assert status == 303
    status, _, receipt = send("GET", headers["location"], None)
    assert (status, "PRO-" in receipt) == (200, True)
    _, again, _ = send("POST", f"{FORM}/conferma", confirm)
    assert send("GET", again["location"], None)[2].count("PRO-") == receipt.count("PRO-")


@pytest.mark.parametrize("event", [_http_api, _rest_api, _balancer])
def test_a_submission_through_lambda(
    load: Callable[..., ModuleType], event: Callable[..., dict[str, Any]]
) -> None:
    _submit(_lambda(load("lambda_handler"), event))


def _lambda(module: ModuleType, event: Callable[..., dict[str, Any]]) -> Send:
    def send(method: str, path: str, body: str | None) -> Answer:
        # The event and the answer are JSON on the way: whatever is not would fail there.
        given = json.loads(json.dumps(event(method, path, body)))
        reply = json.loads(json.dumps(module.handler(given, None)))
        many = {k: v[-1] for k, v in reply.get("multiValueHeaders", {}).items()}
        headers = {k.lower(): v for k, v in {**reply.get("headers", {}), **many}.items()}
        raw = reply["body"]
        text = base64.b64decode(raw).decode() if reply.get("isBase64Encoded") else raw
        return reply["statusCode"], headers, text

    return send


@pytest.mark.tools
def test_on_the_platform_itself_postgresql_keeps_the_forms(
    load: Callable[..., ModuleType], postgres: "Server"
) -> None:
    given = {"CARTA_DB": postgres.new(), "AWS_LAMBDA_FUNCTION_NAME": "moduli", "CARTA_PROVA": ""}
    _submit(_lambda(load("lambda_handler", **given), _http_api))
    given |= {"AWS_LAMBDA_FUNCTION_NAME": "", "FUNCTIONS_WORKER_RUNTIME": "python"}
    module = load("function_app", **given)
    _submit(_azure(module))
    assert len(list(module.context.store.cases())) == 2


def test_what_a_clock_starts_on_lambda(load: Callable[..., ModuleType]) -> None:
    module = load("lambda_handler")
    module.scheduled({"comando": "scadenze"}, None)
    with pytest.raises(ValueError, match="spedisci"):
        module.scheduled({"comando": "apri"}, None)
    with pytest.raises(ValueError, match="spedisci"):
        module.scheduled({}, None)


def _azure(module: ModuleType) -> Send:
    [web] = [f for f in module.app.get_functions() if f.get_function_name() == "moduli"]

    def send(method: str, path: str, body: str | None) -> Answer:
        headers = {"host": HOST, **(URLENCODED if body else {})}
        url, raw = f"https://{HOST}{path}", (body or "").encode()
        reply = web.get_user_function()(func.HttpRequest(method, url, headers=headers, body=raw))
        found = {k.lower(): v for k, v in reply.headers.items()}
        return (
            reply.status_code,
            found | {"content-type": reply.mimetype},
            reply.get_body().decode(),
        )

    return send


def test_a_submission_through_azure(load: Callable[..., ModuleType]) -> None:
    _submit(_azure(load("function_app")))


def test_azure_routes_every_page_and_starts_the_two_clocks(
    load: Callable[..., ModuleType],
) -> None:
    functions = {f.get_function_name(): f for f in load("function_app").app.get_functions()}
    assert set(functions) == {"moduli", "spedisci", "cancella"}
    route = functions["moduli"].get_trigger().get_dict_repr()
    assert route["route"] == "{*path}"
    assert str(route["authLevel"]).lower().endswith("anonymous")
    for name in ("spedisci", "cancella"):
        assert functions[name].get_trigger().get_dict_repr()["type"] == "timerTrigger"


def test_on_azure_a_busy_page_reaches_the_citizen_and_not_the_logs(
    load: Callable[..., ModuleType], tmp_path: Path
) -> None:
    """Azure's own middleware raises an error of 500 and more with the page, answers included."""
    send = _azure(load("function_app"))
    data = confirmation(send("POST", FORM, urlencode(GOOD, doseq=True))[2])
    (tmp_path / "moduli.db").unlink()
    status, headers, page = send("POST", f"{FORM}/conferma", urlencode(data, doseq=True))
    assert (status, "retry-after" in headers) == (503, True)
    assert "Prima riga" in page


@pytest.mark.parametrize(
    ("name", "variable"),
    [("lambda_handler", "AWS_LAMBDA_FUNCTION_NAME"), ("function_app", "FUNCTIONS_WORKER_RUNTIME")],
)
def test_on_the_platform_itself_a_file_is_refused(
    load: Callable[..., ModuleType], name: str, variable: str
) -> None:
    with pytest.raises(SettingsError, match="PostgreSQL"):
        load(name, **{variable: "moduli"})
