"""kill -9 under sixteen citizens who ask again: all that was acknowledged is there and opens."""

import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from time import sleep

import pytest
from endpoint_process import environment, running
from persistent import Receipt, Town, crowd, write_forms

from endpoint.stores.sqlite import SqliteStore
from endpoint.tokens import code_digest

_CITIZENS = 16
_PLAIN = (sys.executable, "-m", "endpoint")
# The same endpoint, but it acknowledges first and writes a little later.
_HASTY = """
import sys, threading
from endpoint import cli
from endpoint.cases import submitting
add = submitting.Submitter.add
def later(*given):
    threading.Timer(0.2, add, given).start()
    return True
submitting.Submitter.add = later
sys.exit(cli.main())
"""


def besieged(
    folder: Path, kills: int, wanted: int = 1, program: tuple[str, ...] = _PLAIN
) -> list[Receipt]:
    """The receipts of citizens whose endpoint is killed so often, and until there are enough."""
    env = environment(folder, CARTA_MAIL_TO="ufficio@example.it")
    forms = write_forms(Path(env["CARTA_FORMS"]), _CITIZENS)
    town, chance, killed = Town(), random.Random(kills), 0
    with crowd(town, forms):
        while not town.errors and (killed < kills or len(town.receipts) < wanted):
            with running(env, program=program) as town.server:
                sleep(chance.uniform(0.5, 1.5))
            killed += 1
        with running(env, program=program) as town.server:
            town.end()
            shut = [one for one in town.receipts[-50:] if not town.opens(one)]
    print(f"\n{killed} kills, {len(town.receipts)} acknowledged, {town.again} requests repeated")
    assert shut == []
    assert town.again > killed  # each kill was felt
    return town.receipts


def check_whole(folder: Path, receipts: list[Receipt]) -> None:
    """Every receipt opens its case, and there is nothing else: no half and no double."""
    file = folder / "moduli.db"
    with closing(SqliteStore(file)) as store:
        lost = [number for number, code in receipts if not store.find(number, code_digest(code))]
        assert lost == []
        kept = [case.number for case in store.cases()]
    assert sorted(kept) == sorted(number for number, _ in receipts)
    with closing(sqlite3.connect(file)) as look:
        assert look.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert look.execute("SELECT count(*) FROM letter").fetchone() == (2 * len(kept),)
        assert look.execute("SELECT sum(n) FROM counter").fetchone() == (len(kept),)


@pytest.mark.slow
def test_nobody_is_left_with_a_code_that_opens_nothing(tmp_path: Path) -> None:
    receipts = besieged(tmp_path, 3, 100)
    check_whole(tmp_path, receipts)


@pytest.mark.slow
@pytest.mark.faults
def test_of_ten_thousand_receipts_none_is_lost(tmp_path: Path) -> None:
    receipts = besieged(tmp_path, 30, 10_000)
    assert len(receipts) >= 10_000
    check_whole(tmp_path, receipts)


@pytest.mark.slow
def test_an_endpoint_that_acknowledges_too_early_is_found_out(tmp_path: Path) -> None:
    """The tests above see a loss, if there is one."""
    with pytest.raises(AssertionError, match="has no receipt"):
        besieged(tmp_path, 3, 100, (sys.executable, "-c", _HASTY))
