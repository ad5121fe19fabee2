"""The content as it was, in real git repositories."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from site_builder.errors import ContentError
from site_builder.history import catalog_at
from tests.conftest import Body

pytestmark = pytest.mark.tools

SHEET = "content/services/asilo-nido.yml"
PHONE = "content/contacts/segretariato-casarano.yml"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git without what the machine or its user have set."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    # The day of a commit is that of who made it, wherever this runs.
    monkeypatch.setenv("TZ", "Asia/Tokyo")


def git(folder: Path, *words: str, day: str = "2026-01-01T10:00:00+0100") -> str:
    who = ("-c", "user.name=Prova", "-c", "user.email=prova@example.it")
    days = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    call = ["git", *who, "-c", "init.defaultBranch=main", *words]
    done = subprocess.run(
        call, cwd=folder, env=os.environ | days, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(folder: Path, day: str) -> str:
    """Commit all that is there; return the name of the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x", day=day)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repo(body: Body) -> Path:
    """Three states of a sheet: «uno» on 1 February, «due» on 1 March, «tre» on 1 April."""
    for month, title in enumerate(("uno", "due", "tre"), start=2):
        folder = body({SHEET: {"titolo": title}})
        commit(folder, f"2026-0{month}-01T23:30:00+0200")
    return folder


def title_at(folder: Path, since: str, today: date) -> tuple[str, str]:
    catalog, phrase = catalog_at(folder, since, today)
    return catalog.services["asilo-nido"].titolo, phrase


@pytest.mark.parametrize(
    ("since", "title", "phrase"),
    [
        ("2026-02-01", "uno", "dal 01/02/2026"),
        ("28/02/2026", "uno", "dal 28/02/2026"),
        ("1/3/2026", "due", "dal 01/03/2026"),
        (" 2026-3-31 ", "due", "dal 31/03/2026"),
        ("21/11/2026", "tre", "dal 21/11/2026"),
    ],
)
def test_a_date_is_the_state_at_the_end_of_that_day(
    repo: Path, today: date, since: str, title: str, phrase: str
) -> None:
    assert title_at(repo, since, today) == (title, phrase)


@pytest.mark.parametrize("name", ["HEAD~1", "main^", "abbreviated", "full", "branch"])
def test_any_revision_of_git(repo: Path, today: date, name: str) -> None:
    full = git(repo, "rev-parse", "HEAD~1")
    git(repo, "branch", "branch", "HEAD~1")
    since = {"abbreviated": full[:8], "full": full}.get(name, name)
    phrase = f"dalla revisione {full[:7]} del 01/03/2026"
    assert title_at(repo, since, today) == ("due", phrase)


def test_a_tag_is_an_edition(repo: Path, today: date) -> None:
    git(repo, "tag", "-a", "2026.1", "-m", "prima edizione", "HEAD~2")
    assert title_at(repo, "2026.1", today) == ("uno", "dall'edizione 2026.1")


def test_an_edition_of_the_past_is_its_last_state(body: Body, today: date) -> None:
    for day, version, title in (
        ("2026-02-01", "I", "uno"), ("2026-03-01", "I", "due"), ("2026-04-01", "II", "tre"),
        ("2026-05-01", "II", "quattro"),
    ):  # fmt: skip
        edition = {
            "content/carta.yml": {"edizione": {"versione": version, "titolo": f"Carta {title}"}}
        }
        folder = body(edition | {SHEET: {"titolo": title}})
        commit(folder, f"{day}T10:00:00+0100")
    assert title_at(folder, "I", today) == ("due", "dall'edizione I")
    # The one that still holds has all its changes after the day on which it came out.
    assert title_at(folder, "II", today) == ("tre", "dall'edizione II")


def test_the_only_edition_began_with_the_history(body: Body, today: date) -> None:
    for day, title in (("2026-02-01", "uno"), ("2026-03-01", "due")):
        edition = {"content/carta.yml": {"edizione": {"versione": "I", "titolo": f"Carta {title}"}}}
        folder = body(edition | {SHEET: {"titolo": title}})
        commit(folder, f"{day}T10:00:00+0100")
    assert title_at(folder, "I", today)[0] == "uno"


def test_a_carta_of_the_past_that_cannot_be_read_has_no_edition(body: Body, today: date) -> None:
    folder = body({"content/carta.yml": "edizione: {versione: I"})
    commit(folder, "2026-02-01T10:00:00+0100")
    commit(body({"content/carta.yml": {"edizione": {"versione": "II"}}}), "2026-03-01T10:00:00Z")
    assert title_at(folder, "II", today)[1] == "dall'edizione II"
    with pytest.raises(ContentError, match="Non trovo un'edizione o una revisione «I»"):
        catalog_at(folder, "I", today)


def test_what_was_not_yet_merged_was_not_yet_published(body: Body, today: date) -> None:
    folder = body({SHEET: {"titolo": "uno"}})
    commit(folder, "2026-02-01T10:00:00+0100")
    git(folder, "checkout", "-q", "-b", "proposta")
    commit(body({SHEET: {"titolo": "due"}}), "2026-02-10T10:00:00+0100")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "proposta", day="2026-04-01T10:00:00+0100")
    assert title_at(folder, "2026-03-01", today)[0] == "uno"
    assert title_at(folder, "2026-04-01", today)[0] == "due"


def test_the_body_may_lie_inside_its_repository(body: Body, tmp_path: Path, today: date) -> None:
    root = tmp_path / "deposito"
    for day, title in (("2026-02-01", "uno"), ("2026-03-01", "due")):
        source = body(
            {
                SHEET: {"titolo": title},
                "content/carta.yml": {"edizione": {"versione": f"v {title}"}},
            }
        )
        shutil.copytree(
            source / "content", root / "enti [a]" / "uno" / "content", dirs_exist_ok=True
        )
        commit(root, f"{day}T10:00:00+0100")
    inside = root / "enti [a]" / "uno"
    assert title_at(inside, "2026-02-15", today)[0] == "uno"
    assert title_at(inside, "v uno", today) == ("uno", "dall'edizione v uno")
    (root / "altro").mkdir()
    with pytest.raises(ContentError, match=r"non c'era ancora. Scegli una data più vicina"):
        catalog_at(root / "altro", "2026-02-15", today)


def test_every_file_is_read_and_no_link_is_followed(body: Body, today: date) -> None:
    page = "---\ntitle: Perché\ndescription: Una pagina.\n---\n# Perché\n\nCosì.\n"
    folder = body({"content/pages/lingue/it.md": page})
    (folder / "content" / "services" / "furbo.yml").symlink_to("/etc/hostname")
    (folder / ".gitattributes").write_text("*.md export-ignore\n")
    commit(folder, "2026-02-01T10:00:00+0100")
    (folder / "content" / "services" / "furbo.yml").unlink()
    catalog, _ = catalog_at(folder, "2026-02-01", today)
    assert catalog.documents["pages"]["lingue/it"].text.endswith("Così.\n")
    assert list(catalog.services) == ["asilo-nido"]


def test_nothing_is_touched(repo: Path, today: date) -> None:
    (repo / PHONE).write_text((repo / PHONE).read_text().replace("502428", "502429"))
    (repo / "bozza.txt").write_text("non salvata")

    def state() -> dict[str, tuple[int, bytes]]:
        files = (path for path in repo.rglob("*") if path.is_file())
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = state()
    for since in ("2026-02-15", "HEAD~1", "1/3/2026"):
        catalog_at(repo, since, today)
    assert state() == before
    assert git(repo, "stash", "list") == ""
    assert git(repo, "status", "--porcelain").splitlines() == [f"M {PHONE}", "?? bozza.txt"]


def test_a_repository_named_by_a_hook_does_not_count(
    repo: Path, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nessun/posto")
    assert title_at(repo, "2026-02-15", today)[0] == "uno"


@pytest.mark.parametrize(
    ("since", "message"),
    [
        ("2026-11-22", "22/11/2026 deve ancora venire. Scegli un giorno passato"),
        ("31/01/2026", "comincia il 01/02/2026. Scegli quel giorno o dopo"),
        ("30/02/2026", "Il giorno «30/02/2026» non esiste. Scrivilo così: 01/03/2026"),
        ("2026-13-01", "non esiste"),
        ("pippo", "Non trovo un'edizione o una revisione «pippo». Scrivi una data"),
        ("", "Non trovo"),
        ("--all", "Non trovo un'edizione o una revisione «--all»"),
        ("--output=x", "Non trovo"),
        ("HEAD:content", "Non trovo"),
        ("main..HEAD~1", "Non trovo"),
        ("HEAD\nHEAD", "Non trovo"),
        ("0123456789012345678901234567890123456789", "Non trovo"),
    ],
)
def test_what_cannot_be_found(repo: Path, today: date, since: str, message: str) -> None:
    with pytest.raises(ContentError, match=r"^[A-Z]") as caught:
        catalog_at(repo, since, today)
    assert message in str(caught.value)
    assert "unshallow" not in str(caught.value)


@pytest.mark.parametrize("since", ["2026-02-15", "I", "uno"])
def test_a_shallow_clone_says_how_to_get_the_rest(
    repo: Path, tmp_path: Path, today: date, since: str
) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", repo.as_uri(), "copia")
    with pytest.raises(ContentError, match=r"git fetch --unshallow.*fetch-depth: 0"):
        catalog_at(tmp_path / "copia", since, today)


def test_no_repository(body: Body, today: date) -> None:
    with pytest.raises(ContentError, match=r"non è in un deposito git.*Stampa la Carta intera"):
        catalog_at(body(), "2026-02-15", today)


def test_no_commit(body: Body, today: date) -> None:
    git(body(), "init", "-q")
    with pytest.raises(ContentError, match="nessun commit"):
        catalog_at(body(), "2026-02-15", today)


def test_no_git(repo: Path, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo))
    with pytest.raises(ContentError, match=r"non è installato.*apt install git"):
        catalog_at(repo, "2026-02-15", today)


def test_no_body(tmp_path: Path, today: date) -> None:
    with pytest.raises(ContentError, match=r"non c'è"):
        catalog_at(tmp_path / "manca", "2026-02-15", today)


def test_a_repository_of_somebody_else(
    repo: Path, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(ContentError, match=r"safe\.directory"):
        catalog_at(repo, "2026-02-15", today)


@pytest.mark.parametrize(
    "change",
    [{SHEET: {"vecchia_chiave": "x"}}, {SHEET: {"dove_rivolgersi": {"contatti": ["nessuno"]}}}],
    ids=["schema", "reference"],
)
def test_old_content_that_today_cannot_draw(body: Body, today: date, change: object) -> None:
    commit(body(change), "2026-02-01T10:00:00+0100")  # type: ignore[arg-type]
    commit(body(), "2026-03-01T10:00:00+0100")
    message = r"\(dal 15/02/2026\) non segue le regole di oggi.*asilo-nido.yml:\d+.*data più vicina"
    with pytest.raises(ContentError, match=message):
        catalog_at(body(), "2026-02-15", today)
    assert catalog_at(body(), "2026-03-15", today)
