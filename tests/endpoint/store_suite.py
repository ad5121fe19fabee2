"""What any store of submissions must do: each adapter inherits these tests and opens itself."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from endpoint.stores.store import RECEIPTS, STATES, Letter, Sending, Store, Submission, Unavailable

NOW = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp())
DAY = 86_400
COUNTS = ("2026-03/reclamo/sportello", "2026-03/reclamo/tempi")
Open = Callable[[], Store]


def submission(n: int = 1, **changes: object) -> Submission:
    """The n-th submission, filed n seconds after NOW, with some fields of its own."""
    item = Submission(
        nonce=hashlib.sha256(b"nonce %d" % n).digest(),
        number=f"PRO-{n:08}-0",
        code=code(n),
        form="reclamo",
        version="v1",
        received=NOW + n,
        channel="web",
        sealed=b"age-encryption.org/v1 %d \x00\xff" % n,
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def code(n: int) -> bytes:
    """The digest of the secret code of the n-th submission."""
    return hashlib.sha256(b"code %d" % n).digest()


def letters(n: int = 1) -> list[Letter]:
    """The two mails of the n-th submission."""
    return [Letter("ufficio", b"\x00office %d" % n), Letter("cittadino", b"\xffcitizen %d" % n)]


def numbers(store: Store, *states: str) -> list[str]:
    """The numbers of the cases in some states, as the store sorts them."""
    return [case.number for case in store.cases(states or STATES)]


def keep(store: Store, *which: int) -> None:
    """Add some submissions with their mails."""
    for n in which:
        assert store.add(submission(n), letters(n), COUNTS)


class StoreSuite:
    """Inherit it and give a fixture `open_store`: each call opens the same store once more."""

    @pytest.fixture
    def store(self, open_store: Open) -> Iterator[Store]:
        opened = open_store()
        yield opened
        opened.close()

    def test_what_is_added_is_found_with_number_and_code(self, store: Store) -> None:
        assert store.add(submission(1, suspect=True, channel="sportello"), letters(), COUNTS)
        case = store.find("PRO-00000001-0", code(1))
        assert case is not None
        assert (case.number, case.form, case.received) == ("PRO-00000001-0", "reclamo", NOW + 1)
        assert (case.state, case.channel, case.suspect) == ("ricevuto", "sportello", True)
        assert (case.protocol, case.outcome, case.steps) == ("", "", ())

    @pytest.mark.parametrize(
        ("number", "digest"),
        [
            ("PRO-00000001-0", code(2)),
            ("PRO-00000002-0", code(1)),
            ("PRO-00000009-0", code(1)),
            ("PRO-00000009-0", bytes(32)),
            ("PRO-00000001-0", bytes(32)),
            ("PRO-00000001-0", b""),
            ("PRO-00000009-0", b""),
            ("", code(1)),
            ("%", code(1)),
            ("pro-00000001-0", code(1)),
            ("PRO-00000001-0' OR '1'='1", code(1)),
        ],
    )
    def test_a_wrong_number_or_code_finds_nothing(
        self, store: Store, number: str, digest: bytes
    ) -> None:
        keep(store, 1, 2)
        assert store.find(number, digest) is None
        assert store.find("PRO-00000001-0", code(1)) is not None

    def test_a_second_confirm_changes_nothing(self, store: Store) -> None:
        keep(store, 1)
        other = replace(submission(2), nonce=submission(1).nonce)
        assert not store.add(other, letters(2), COUNTS)
        assert numbers(store) == ["PRO-00000001-0"]
        assert [sealed for _, sealed in store.sealed()] == [submission(1).sealed]
        assert len(store.take(NOW + 9, 60, 10)) == 2
        assert store.counters(2026) == dict.fromkeys(COUNTS, 1)

    @pytest.mark.parametrize("n", range(5))
    def test_of_twenty_confirms_at_once_one_is_kept(self, open_store: Open, n: int) -> None:
        """Number and nonce both meet their twins: neither may be taken for somebody else's."""
        stores = [open_store(), open_store()]
        start = threading.Barrier(20)

        def confirm(thread: int) -> bool:
            start.wait()
            return stores[thread % 2].add(submission(n), letters(), COUNTS)

        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(confirm, range(20)))
        assert sorted(answers) == [False] * 19 + [True]
        assert len(numbers(stores[0])) == 1
        assert len(stores[0].take(NOW + 9, 60, 99)) == 2
        assert stores[1].counters(2026) == dict.fromkeys(COUNTS, 1)
        for store in stores:
            store.close()

    def test_many_threads_lose_nothing(self, store: Store) -> None:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(lambda n: store.add(submission(n), letters(n), COUNTS), range(80)))
        assert numbers(store) == [submission(n).number for n in range(80)]
        assert store.counters(2026) == dict.fromkeys(COUNTS, 80)

    def test_a_number_of_somebody_else_is_refused_and_leaves_no_trace(self, store: Store) -> None:
        keep(store, 1)
        with pytest.raises(Unavailable):
            store.add(submission(2, number=submission(1).number), letters(2), COUNTS)
        keep(store, 3)
        assert numbers(store) == [submission(1).number, submission(3).number]
        assert len(store.take(NOW + 9, 60, 10)) == 4
        assert store.counters(2026) == dict.fromkeys(COUNTS, 2)

    def test_a_failure_half_way_leaves_no_trace(self, store: Store) -> None:
        def broken() -> Iterator[Letter]:
            yield Letter("ufficio", b"x")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store.add(submission(1), broken(), COUNTS)
        assert numbers(store) == []
        assert store.counters(2026) == {}
        keep(store, 1)

    def test_an_anonymous_answer_counts_once_and_is_forgotten_after_two_days(
        self, store: Store
    ) -> None:
        assert store.add_counts(b"n1", ["2026-03/voto/5"], NOW)
        assert not store.add_counts(b"n1", ["2026-03/voto/5"], NOW + DAY)
        assert store.add_counts(b"n2", ["2026-03/voto/5", "2026-03/voto/5"], NOW + DAY)
        assert store.counters(2026) == {"2026-03/voto/5": 3}
        assert store.add_counts(b"n1", ["2026-03/voto/1"], NOW + 3 * DAY)

    def test_counters_are_those_of_the_year(self, store: Store) -> None:
        keys = ["2025-12/a", "2026-01/a", "2026-12/%_'ì", "2026-12/A", "20261-01/a", "2027-01/a"]
        store.add_counts(b"n", keys, NOW)
        assert store.counters(2026) == {"2026-01/a": 1, "2026-12/%_'ì": 1, "2026-12/A": 1}
        assert store.counters(2024) == {}

    def test_counters_come_in_the_order_of_their_characters(self, store: Store) -> None:
        keys = ["2026-01/a", "2026-01/B", "2026-01/_", "2026-01/à", "2026-01/A b", "2026-01/Ab"]
        store.add_counts(b"n", keys, NOW)
        assert list(store.counters(2026)) == sorted(keys)

    def test_steps_change_the_state_and_keep_the_days(self, store: Store) -> None:
        keep(store, 1, 2)
        number = submission(1).number
        assert store.step(number, "protocollato", date(2026, 3, 11), "0000123/2026")
        assert store.step(number, "convocato", date(2026, 3, 20))
        assert store.step(number, "chiuso", date(2026, 3, 20), "accolto")
        case = store.find(number, code(1))
        assert case is not None
        assert (case.state, case.protocol, case.outcome) == ("chiuso", "0000123/2026", "accolto")
        assert case.steps == (
            ("protocollato", date(2026, 3, 11)),
            ("convocato", date(2026, 3, 20)),
            ("chiuso", date(2026, 3, 20)),
        )
        assert numbers(store, "chiuso") == [number]
        assert numbers(store, "ricevuto") == [submission(2).number]
        assert list(store.cases([])) == []

    def test_a_step_is_corrected_and_needs_a_case(self, store: Store) -> None:
        keep(store, 1)
        number = submission(1).number
        store.step(number, "protocollato", date(2026, 3, 11), "1")
        store.step(number, "protocollato", date(2026, 3, 12), "2")
        case = store.find(number, code(1))
        assert case is not None
        assert (case.protocol, case.steps) == ("2", (("protocollato", date(2026, 3, 12)),))
        assert not store.step("PRO-00000009-0", "chiuso", date(2026, 3, 12))

    def test_a_step_counts_in_the_same_transaction(self, store: Store) -> None:
        keep(store, 1)
        closing = ["2026-03|chiuso|reclamo", "2026-03|chiuso|reclamo", "2025-12|chiuso"]
        assert store.step(submission(1).number, "chiuso", date(2026, 3, 12), "accolto", closing)
        assert store.counters(2026) == {**dict.fromkeys(COUNTS, 1), "2026-03|chiuso|reclamo": 2}
        assert not store.step("PRO-00000009-0", "chiuso", date(2026, 3, 12), "", closing)
        assert store.counters(2025) == {"2025-12|chiuso": 1}

        def broken() -> Iterator[str]:
            yield "2026-03|chiuso|reclamo"
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store.step(submission(1).number, "ripreso", date(2026, 3, 13), "", broken())
        assert store.counters(2026)["2026-03|chiuso|reclamo"] == 2
        assert numbers(store, "chiuso") == [submission(1).number]

    def test_writers_of_the_same_counters_never_stop_each_other(self, open_store: Open) -> None:
        """Each gives them in an order of its own: two that held one each would wait for ever."""
        stores = [open_store(), open_store()]
        keys = [f"2026-03|{n}" for n in range(30)]

        def write(n: int) -> bool:
            return stores[n % 2].add_counts(b"%d" % n, keys if n % 2 else keys[::-1], NOW)

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(write, range(40)))
        assert stores[0].counters(2026) == dict.fromkeys(keys, 40)
        for store in stores:
            store.close()

    def test_cases_and_ciphertext_come_oldest_first(self, store: Store) -> None:
        keep(store, 3, 1, 2)
        assert numbers(store) == [submission(n).number for n in (1, 2, 3)]
        kept = list(store.sealed(NOW + 2))
        assert [sealed for _, sealed in kept] == [submission(2).sealed, submission(3).sealed]
        assert [case.number for case, _ in kept] == [submission(2).number, submission(3).number]

    def test_a_list_may_be_read_while_others_write(self, store: Store) -> None:
        keep(store, 1, 2)
        for case, n in zip(store.cases(), (3, 4), strict=True):
            keep(store, n)
            assert store.step(case.number, "chiuso", date(2026, 3, 12))
        assert len(numbers(store)) == 4

    def test_a_mail_is_leased_to_one_sender_and_comes_back(self, store: Store) -> None:
        keep(store, 1)
        assert store.take(NOW, 60, 10) == []  # not yet due
        first = store.take(NOW + 1, 60, 1)
        assert [(m.kind, m.recipient, m.tries) for m in first] == [("ufficio", b"\0office 1", 1)]
        assert (first[0].case.number, first[0].queued) == (submission(1).number, NOW + 1)
        assert [m.kind for m in store.take(NOW + 1, 60, 10)] == ["cittadino"]
        assert store.take(NOW + 60, 60, 10) == []
        again = store.take(NOW + 61, 60, 10)
        assert [(m.id, m.tries) for m in again if m.kind == "ufficio"] == [(first[0].id, 2)]

    def test_a_sent_mail_is_gone_and_a_failed_one_waits(self, store: Store) -> None:
        keep(store, 1)
        office, citizen = store.take(NOW + 1, 60, 10)
        store.sent(office.id, NOW + 2)
        store.failed(citizen.id, NOW + 500, "421 riprovare")
        assert store.take(NOW + 499, 60, 10) == []
        (left,) = store.take(NOW + 500, 60, 10)
        assert (left.id, left.tries, left.recipient) == (citizen.id, 2, citizen.recipient)
        assert store.oldest_unsent() == NOW + 1
        store.sent(left.id, NOW + 501)
        assert store.take(NOW + DAY * 99, 60, 10) == []
        assert store.oldest_unsent() is None

    def test_two_senders_at_once_never_get_the_same_mail(self, open_store: Open) -> None:
        stores = [open_store(), open_store()]
        keep(stores[0], *range(20))
        with ThreadPoolExecutor(8) as pool:
            taken = list(pool.map(lambda n: stores[n % 2].take(NOW + 99, 60, 3), range(20)))
        ids = [mail.id for mails in taken for mail in mails]
        assert len(ids) == len(set(ids)) == 40
        for store in stores:
            store.close()

    def test_how_each_mail_stands(self, store: Store) -> None:
        keep(store, 2, 1)
        assert [(s.number, s.kind, s.sent) for s in store.sendings()] == [
            (submission(n).number, kind, None) for n in (1, 2) for kind in ("ufficio", "cittadino")
        ]
        office, citizen = store.take(NOW + 1, 60, 10)
        store.sent(office.id, NOW + 5)
        store.failed(citizen.id, NOW + 500, "421 riprovare")
        number = submission(1).number
        assert store.sendings()[:2] == [
            Sending(office.id, number, "ufficio", 1, NOW + 1, NOW + 61, NOW + 5, "", ""),
            Sending(
                citizen.id, number, "cittadino", 1, NOW + 1, NOW + 500, None, "421 riprovare", ""
            ),
        ]
        assert {sending.number for sending in store.sendings(NOW + 2)} == {submission(2).number}
        assert store.sendings(NOW + 3) == []

    def test_a_receipt_is_kept_with_its_mail(self, store: Store) -> None:
        keep(store, 1)
        (mail,) = store.take(NOW + 1, 60, 1)
        store.sent(mail.id, NOW + 2)
        for word in RECEIPTS:
            assert store.receipt(mail.id, word, f"motivo: {word}")
            first, second = store.sendings()
            assert (first.receipt, first.reason) == (word, f"motivo: {word}")
            assert (second.receipt, second.reason) == ("", "")
        assert not store.receipt(mail.id + 9, "accettata")

    def test_unsent_mails_of_one_case_start_afresh(self, store: Store) -> None:
        keep(store, 1, 2)
        for mail in store.take(NOW + 2, 60, 10):
            store.failed(mail.id, NOW + DAY, "550 casella inesistente")
        assert store.again(submission(1).number, NOW + 9) == 2
        taken = store.take(NOW + 9, 60, 10)
        assert [(m.case.number, m.tries) for m in taken] == [(submission(1).number, 1)] * 2
        assert [s.reason for s in store.sendings(NOW + 2)] == ["550 casella inesistente"] * 2
        assert [s.reason for s in store.sendings()][:2] == ["", ""]
        assert store.again("PRO-00000009-0", NOW + 9) == 0

    def test_a_mail_whose_address_is_gone_is_not_sent_again(self, store: Store) -> None:
        keep(store, 1)
        for mail, word in zip(store.take(NOW + 1, 60, 10), RECEIPTS[1:], strict=True):
            store.sent(mail.id, NOW + 2)
            store.receipt(mail.id, word)
        assert store.again(submission(1).number, NOW + 9) == 0
        assert [s.receipt for s in store.sendings()] == list(RECEIPTS[1:])
        assert store.take(NOW + DAY, 60, 10) == []

    def test_a_mail_that_came_back_still_goes_to_the_office(self, store: Store) -> None:
        """Its address stands in the settings, not in the store."""
        keep(store, 1)
        for mail in store.take(NOW + 1, 60, 10):
            store.sent(mail.id, NOW + 2)
            store.receipt(mail.id, "non consegnata")
        assert store.again(submission(1).number, NOW + 9) == 1
        (mail,) = store.take(NOW + 9, 60, 10)
        assert (mail.kind, mail.recipient, mail.tries) == ("ufficio", b"", 1)

    def test_the_oldest_unsent_is_the_oldest(self, store: Store) -> None:
        assert store.oldest_unsent() is None
        keep(store, 5, 3, 4)
        assert store.oldest_unsent() == NOW + 3

    def test_erasing_starts_when_the_office_has_filed(self, store: Store) -> None:
        keep(store, 1, 2, 3)
        store.step(submission(1).number, "protocollato", date(2026, 3, 11), "1")
        store.step(submission(1).number, "chiuso", date(2026, 5, 1), "accolto")
        store.step(submission(2).number, "protocollato", date(2026, 3, 12), "2")
        assert store.erase("reclamo", date(2026, 3, 12), 0) == 1
        assert store.erase("reclamo", date(2026, 3, 12), 0) == 0
        kept = [case.number for case, _ in store.sealed()]
        assert kept == [submission(2).number, submission(3).number]
        case = store.find(submission(1).number, code(1))
        assert case is not None
        assert case.state == "chiuso"
        assert {mail.case.number for mail in store.take(NOW + 99, 60, 10)} == set(kept)

    def test_only_the_submissions_of_one_form_are_erased(self, store: Store) -> None:
        for n, form in enumerate(("reclamo", "contatto", "reclamo"), 1):
            store.add(submission(n, form=form), letters(n), COUNTS)
            store.step(submission(n).number, "protocollato", date(2026, 3, 11), "1")
        assert store.erase("contatto", date(2026, 3, 12), NOW + DAY) == 1
        assert [case.number for case, _ in store.sealed()] == [submission(n).number for n in (1, 3)]
        assert store.erase("altro", date(2026, 3, 12), NOW + DAY) == 0
        assert {s.number for s in store.sendings()} == {submission(n).number for n in (1, 3)}
        assert store.erase("reclamo", date(2026, 3, 12), 0) == 2

    def test_what_is_too_old_is_erased_whatever_its_state(self, store: Store) -> None:
        keep(store, 1, 2)
        assert store.erase("reclamo", date(2026, 1, 1), NOW + 2) == 1
        assert [case.number for case, _ in store.sealed()] == [submission(2).number]
        assert not store.add(submission(1), letters(), COUNTS)

    def test_only_what_was_erased_is_forgotten_and_counters_stay(self, store: Store) -> None:
        keep(store, 1, 2, 3)
        store.step(submission(1).number, "protocollato", date(2026, 3, 11), "1")
        store.erase("reclamo", date(2026, 3, 12), NOW + 3)
        assert store.forget(NOW + 2) == 1
        assert numbers(store) == [submission(2).number, submission(3).number]
        assert store.forget(NOW + DAY) == 1
        assert numbers(store) == [submission(3).number]
        assert store.counters(2026) == dict.fromkeys(COUNTS, 3)

    def test_what_is_to_be_kept_is_not_forgotten(self, store: Store) -> None:
        keep(store, 1, 2, 3)
        store.erase("reclamo", date(2026, 1, 1), NOW + DAY)
        kept = [submission(1).number, submission(3).number]
        assert store.forget(NOW + DAY, iter(kept)) == 1
        assert numbers(store) == kept
        assert store.forget(NOW + DAY, kept) == 0
        assert store.forget(NOW + DAY) == 2

    def test_one_submission_can_be_erased_alone(self, store: Store) -> None:
        keep(store, 1, 2)
        assert store.erase_one(submission(1).number)
        assert [case.number for case, _ in store.sealed()] == [submission(2).number]
        assert numbers(store) == [submission(1).number, submission(2).number]
        assert {mail.case.number for mail in store.take(NOW + 99, 60, 10)} == {submission(2).number}
        assert not store.erase_one(submission(1).number)
        assert not store.erase_one("PRO-00000009-0")
        assert not store.add(submission(1), letters(), COUNTS)

    def test_the_id_of_a_mail_is_never_given_again(self, store: Store) -> None:
        keep(store, 1)
        old = {mail.id for mail in store.take(NOW + 9, 60, 10)}
        store.erase("reclamo", date(2026, 1, 1), NOW + DAY)
        store.forget(NOW + DAY)
        keep(store, 2)
        assert not old & {mail.id for mail in store.take(NOW + 9, 60, 10)}

    def test_what_was_kept_is_there_after_closing(self, open_store: Open) -> None:
        first = open_store()
        keep(first, 1)
        first.close()
        second = open_store()
        second.check()
        assert second.find(submission(1).number, code(1)) is not None
        second.close()
