"""What a store does with the mails that wait, in SQL (see store.Store)."""

from endpoint.stores.sql import SqlStore, marks, read_cases
from endpoint.stores.store import Queued, Sending


class SqlLetters(SqlStore):
    """The part of a Store that is the outbox."""

    def take(self, now: int, lease: int, most: int) -> list[Queued]:
        with self._write() as db:
            rows = db.execute(
                "WITH next AS (SELECT id FROM letter WHERE sent IS NULL AND due <= ?"
                f" ORDER BY due, id LIMIT ?{self.skip_locked})"
                " UPDATE letter SET due = ?, tries = tries + 1 WHERE id IN (SELECT id FROM next)"
                " RETURNING id, submission, kind, recipient, tries, queued",
                (now, most, now + lease),
            ).fetchall()
            of = [row[1] for row in rows]
            known = {case.id: case for case, _ in read_cases(db, f"s.id IN ({marks(of)})", of)}
        return [Queued(id, known[case], *rest) for id, case, *rest in sorted(rows)]

    def sent(self, id: int, now: int) -> None:
        with self._write() as db:
            # The address has done its work: it is not kept.
            db.execute("UPDATE letter SET sent = ?, recipient = ? WHERE id = ?", (now, b"", id))

    def failed(self, id: int, again: int, reason: str) -> None:
        with self._write() as db:
            db.execute("UPDATE letter SET due = ?, reason = ? WHERE id = ?", (again, reason, id))

    def sendings(self, since: int = 0) -> list[Sending]:
        query = (
            "SELECT l.id, s.number, l.kind, l.tries, l.queued, l.due, l.sent, l.reason, l.receipt"
            " FROM letter l JOIN submission s ON s.id = l.submission"
            " WHERE l.queued >= ? ORDER BY l.queued, l.id"
        )
        with self._read() as db:
            return [Sending(*row) for row in db.execute(query, (since,))]

    def receipt(self, id: int, receipt: str, reason: str = "") -> bool:
        with self._write() as db:
            query = "UPDATE letter SET receipt = ?, reason = ? WHERE id = ?"
            return db.execute(query, (receipt, reason, id)).rowcount == 1

    def again(self, number: str, now: int) -> int:
        with self._write() as db:
            return db.execute(
                "UPDATE letter SET due = ?, tries = 0, reason = '', receipt = '', sent = NULL"
                " WHERE submission IN (SELECT id FROM submission WHERE number = ?)"
                " AND (length(recipient) > 0 OR kind = 'ufficio')"
                " AND (sent IS NULL OR receipt = 'non consegnata')",
                (now, number),
            ).rowcount

    def oldest_unsent(self) -> int | None:
        with self._read() as db:
            row = db.execute("SELECT min(queued) FROM letter WHERE sent IS NULL").fetchone()
        oldest: int | None = row[0]
        return oldest
