"""Receipts of certified mail: example messages as files, and any bytes at all."""

from pathlib import Path
from time import monotonic

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from endpoint.post.pec import BadXml, Receipt, read_daticert, read_receipt

EXAMPLES = {file.stem: file.read_bytes() for file in (Path(__file__).parent / "pec").glob("*.eml")}
ID = "carta.0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("name", "means", "reason"),
    [
        ("accettazione", "accettata", ""),
        ("avvenuta-consegna", "consegnata", ""),
        ("errore-consegna", "non consegnata", "errore-consegna no-dest"),
        ("preavviso-errore-consegna", "non consegnata", "preavviso-errore-consegna altro"),
        ("non-accettazione", "non consegnata", "non-accettazione altro"),
        ("posta-respinta", "non consegnata", "5.1.1"),
        ("posta-respinta-in-busta", "non consegnata", "5.1.1"),
    ],
)
def test_a_receipt_is_understood(name: str, means: str, reason: str) -> None:
    assert read_receipt(EXAMPLES[name]) == Receipt(means, f"{ID}@example.it", reason)


@pytest.mark.parametrize(
    "name",
    ["presa-in-carico", "posta-in-ritardo", "lettera-qualsiasi", "ricevuta-falsa-in-busta"],
)
def test_what_changes_nothing_is_no_receipt(name: str) -> None:
    """Also a false receipt: the provider wraps what others send, so it is never on the outside."""
    assert read_receipt(EXAMPLES[name]) is None


def test_every_example_is_tried() -> None:
    assert len(EXAMPLES) == 11


def test_the_headers_alone_say_enough() -> None:
    head = EXAMPLES["errore-consegna"].split(b"\n\n")[0]
    assert read_receipt(head) == Receipt("non consegnata", f"{ID}@example.it", "errore-consegna")


_XML = '<postacert tipo="accettazione" errore="nessuno"><dati><msgid>{}</msgid></dati></postacert>'


def test_the_signed_part_wins_over_the_headers() -> None:
    raw = EXAMPLES["errore-consegna"]
    lying = raw.replace(b"X-Ricevuta: errore-consegna", b"X-Ricevuta: avvenuta-consegna")
    assert lying != raw
    assert read_receipt(lying) == read_receipt(raw)


@pytest.mark.parametrize(
    "start",
    [
        '<!DOCTYPE postacert [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE postacert [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE postacert SYSTEM "http://example.it/x.dtd" [<!ENTITY % p SYSTEM "x"> %p;]>',
        "<!DOCTYPE html>",
    ],
)
def test_xml_that_defines_something_is_refused_in_every_encoding(start: str) -> None:
    text = start + _XML.format("x@y.it")
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(BadXml):
            read_daticert(text.encode(encoding))


def test_the_dtd_of_the_rules_may_be_named_and_is_not_read() -> None:
    text = '<!DOCTYPE postacert SYSTEM "http://127.0.0.1:9/Postacert.dtd">' + _XML.format("x&#64;y")
    assert read_daticert(text.encode("utf-16")) == {
        "tipo": "accettazione", "errore": "nessuno", "msgid": "x@y",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "<a/>", "<postacert>", _XML.format("&a;"), _XML.format("x" * 70_000), "\0"]
)
def test_what_is_no_daticert_is_refused(text: str) -> None:
    with pytest.raises(BadXml):
        read_daticert(text.encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_daticert_or_none(raw: bytes) -> None:
    with pytest.raises(BadXml):
        read_daticert(raw)


@given(st.data())
@example(None)
def test_any_bytes_are_a_receipt_or_none(data: st.DataObject | None) -> None:
    """An example, changed in some places: it is read, or it is not, and says nothing foreign."""
    if data is None:
        assert read_receipt(b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 3000) is None
        return
    raw = bytearray(EXAMPLES[data.draw(st.sampled_from(sorted(EXAMPLES)))])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
    receipt = read_receipt(bytes(raw))
    if receipt:
        assert receipt.means in ("accettata", "consegnata", "non consegnata")
        assert "casella" not in receipt.reason
        assert "@" not in receipt.reason
        assert len(receipt.reason) < 40


_NEST = b"".join(
    b"Content-Type: multipart/report; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(900)
)


@pytest.mark.parametrize(
    "raw",
    [
        _NEST + b"x\n" * 400_000,
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 21_000,
        b"X-Ricevuta: accettazione\nContent-Type: multipart/mixed; boundary=a\n\n"
        + b"--a\nContent-Type: text/xml\n\n<a\n" * 33_000,
        b"X-Ricevuta: accettazione\nX-Riferimento-Message-ID: <" + b"a@" * 500_000,
        b"Content-Type: message/rfc822\n\n" * 35_000,
    ],
    ids=["nested", "repeated", "parts", "id", "messages"],
)
def test_a_hostile_message_costs_little_time(raw: bytes) -> None:
    """A message of parts within parts once took 52 seconds."""
    start = monotonic()
    assert read_receipt(raw) is None
    assert monotonic() - start < 5


@given(st.binary())
def test_any_bytes_at_all_are_no_receipt(raw: bytes) -> None:
    assert read_receipt(raw) is None
