"""What a store does with submissions, their steps and the counters, in SQL (see store.Store)."""

import hmac
from collections.abc import Iterable, Iterator
from datetime import date

from endpoint.stores.sql import SqlStore, count, insert, marks, read_cases
from endpoint.stores.store import STATES, Case, Letter, Submission, Unavailable

_REMEMBERED = 2 * 86_400  # seconds: the token of a check page is valid for one day


class SqlSubmissions(SqlStore):
    """The part of a Store that receives, follows, counts and erases."""

    def add(self, item: Submission, letters: Iterable[Letter], counts: Iterable[str]) -> bool:
        with self._write() as db:
            row = db.execute(
                "INSERT INTO submission (nonce, number, code, form, version, received, channel,"
                " suspect, sealed) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING id",
                (item.nonce, item.number, item.code, item.form, item.version, item.received,
                 item.channel, item.suspect, item.sealed),
            ).fetchone()  # fmt: skip
            if row is None:
                known = "SELECT 1 FROM submission WHERE nonce = ?"
                if not db.execute(known, (item.nonce,)).fetchone():
                    raise Unavailable("NUMBER")
                return False
            queued = item.stored or item.received
            mails = [(row[0], m.kind, m.recipient, queued, queued) for m in letters]
            insert(db, "letter (submission, kind, recipient, queued, due)", mails)
            count(db, counts)
        return True

    def add_counts(self, nonce: bytes, counts: Iterable[str], now: int) -> bool:
        with self._write() as db:
            db.execute("DELETE FROM counted WHERE seen < ?", (now - _REMEMBERED,))
            seen = db.execute(
                "INSERT INTO counted (nonce, seen) VALUES (?,?) ON CONFLICT DO NOTHING"
                " RETURNING seen", (nonce, now),
            ).fetchone()  # fmt: skip
            if seen is None:
                return False
            count(db, counts)
        return True

    def find(self, number: str, code: bytes) -> Case | None:
        with self._read() as db:
            row = db.execute("SELECT code FROM submission WHERE number = ?", (number,)).fetchone()
            # The whole digest is compared, also when there is no such number.
            if not hmac.compare_digest(row[0] if row else bytes(len(code)), code) or not row:
                return None
            return next((case for case, _ in read_cases(db, "s.number = ?", (number,))), None)

    def cases(self, states: Iterable[str] = STATES) -> Iterator[Case]:
        wanted = tuple(states)
        with self._read() as db:
            return iter(
                [case for case, _ in read_cases(db, f"s.state IN ({marks(wanted)})", wanted)]
            )

    def step(
        self, number: str, state: str, day: date, note: str = "", counts: Iterable[str] = ()
    ) -> bool:
        column = {"protocollato": "protocol", "chiuso": "outcome"}.get(state)
        with self._write() as db:
            row = db.execute(
                "UPDATE submission SET state = ? WHERE number = ? RETURNING id", (state, number)
            ).fetchone()
            if row is None:
                return False
            if column:
                db.execute(f"UPDATE submission SET {column} = ? WHERE id = ?", (note, row[0]))
            db.execute(
                "INSERT INTO step (submission, state, day) VALUES (?,?,?)"
                " ON CONFLICT (submission, state) DO UPDATE SET day = excluded.day",
                (row[0], state, day.isoformat()),
            )
            count(db, counts)
        return True

    def sealed(self, since: int = 0) -> Iterator[tuple[Case, bytes]]:
        with self._read() as db:
            kept = "s.sealed IS NOT NULL AND s.received >= ?"
            return iter(list(read_cases(db, kept, (since,), "s.sealed")))

    def counters(self, year: int) -> dict[str, int]:
        with self._read() as db:
            # «.» follows «-»: every key that starts with the year and a hyphen.
            query = "SELECT key, n FROM counter WHERE key >= ? AND key < ? ORDER BY key"
            return dict(db.execute(query, (f"{year:04}-", f"{year:04}.")).fetchall())

    def erase(self, form: str, before: date, oldest: int) -> int:
        with self._write() as db:
            erased = db.execute(
                "UPDATE submission SET sealed = NULL WHERE sealed IS NOT NULL AND form = ?"
                " AND (received < ? OR id IN"
                " (SELECT submission FROM step WHERE state = 'protocollato' AND day < ?))",
                (form, oldest, before.isoformat()),
            ).rowcount
            db.execute(
                "DELETE FROM letter WHERE submission IN"
                " (SELECT id FROM submission WHERE sealed IS NULL)"
            )
        self._wipe()
        return erased

    def erase_one(self, number: str) -> bool:
        with self._write() as db:
            row = db.execute(
                "UPDATE submission SET sealed = NULL WHERE sealed IS NOT NULL AND number = ?"
                " RETURNING id", (number,),
            ).fetchone()  # fmt: skip
            if row:
                db.execute("DELETE FROM letter WHERE submission = ?", row)
        self._wipe()
        return row is not None

    def forget(self, before: int, keep: Iterable[str] = ()) -> int:
        # No number is empty: with it the list never is, which PostgreSQL would not take.
        values = (before, "", *keep)
        which = (
            "(SELECT id FROM submission"
            f" WHERE sealed IS NULL AND received < ? AND number NOT IN ({marks(values[1:])}))"
        )
        with self._write() as db:
            db.execute(f"DELETE FROM letter WHERE submission IN {which}", values)
            db.execute(f"DELETE FROM step WHERE submission IN {which}", values)
            gone = db.execute(f"DELETE FROM submission WHERE id IN {which}", values)
            forgotten = gone.rowcount
            db.execute("DELETE FROM counted WHERE seen < ?", (before,))
        self._wipe()
        return forgotten
