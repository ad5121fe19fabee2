"""The settings: what is wrong stops the start, with a sentence that says what to do."""

from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from endpoint.disks import refuse_volatile
from endpoint.servers import Server, read_server
from endpoint.settings import SettingsError, is_postgres, read_settings

_KEYS = [str(Identity.generate().to_public()) for _ in range(2)]
_MISTYPED = _KEYS[1][:-1] + ("p" if _KEYS[1].endswith("q") else "q")
_SECRET = "x9Kq2mWe7Rt4Yu1Io8Pa5Sd3Fg6Hj0Lz"
_MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
overlay /app overlay rw 0 0
devtmpfs /dev devtmpfs rw 0 0
/dev/sdb1 /app/dati xfs rw 0 0
srv:/x /mnt/rete nfs4 rw 0 0
//srv/y /mnt/con\040spazio cifs rw 0 0
host /mnt/host fuse.sshfs rw 0 0
/dev/sdc1 /coperto ext4 rw 0 0
tmpfs /coperto tmpfs rw 0 0
"""


def _environ(tmp_path: Path, **changes: str) -> dict[str, str]:
    return {
        "CARTA_SECRET": _SECRET, "CARTA_RECIPIENTS": ", ".join(_KEYS), "CARTA_DB": "/srv/x.db",
        "CARTA_FORMS": str(tmp_path), **changes,
    }  # fmt: skip


def test_good_settings_are_read_and_keep_their_secrets(tmp_path: Path) -> None:
    old = _SECRET[::-1]
    smtp = "smtps://utente:segreta@posta.example.it:465"
    found = read_settings(
        _environ(
            tmp_path, CARTA_SECRET_OLD=old, CARTA_SMTP=smtp, CARTA_MAIL_FROM="a@b.it", PORT="9000"
        )
    )
    assert found.secrets == (_SECRET.encode(), old.encode())
    assert [str(key) for key in found.recipients] == _KEYS
    assert (found.port, found.smtp, found.site) == (9000, smtp, "")
    assert _SECRET not in repr(found)
    assert "segreta" not in repr(found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"CARTA_SECRET": ""}, "Manca CARTA_SECRET"),
        ({"CARTA_SECRET": "corto"}, "CARTA_SECRET è troppo corto"),
        ({"CARTA_SECRET": "ab" * 40}, "troppo semplice"),
        ({"CARTA_SECRET_OLD": "corto"}, "CARTA_SECRET_OLD"),
        ({"CARTA_RECIPIENTS": ""}, "due chiavi pubbliche"),
        ({"CARTA_RECIPIENTS": _KEYS[0]}, "due chiavi pubbliche"),
        ({"CARTA_RECIPIENTS": f"{_KEYS[0]} {_KEYS[0]}"}, "due chiavi pubbliche diverse"),
        ({"CARTA_RECIPIENTS": f"{_KEYS[0]} {_MISTYPED}"}, "non è una chiave pubblica"),
        ({"CARTA_DB": " "}, "Manca CARTA_DB"),
        ({"CARTA_FORMS": "/non/esiste"}, "carta export forms"),
        ({"CARTA_SITE": "carta.example.it"}, "CARTA_SITE"),
        ({"CARTA_SMTP": "http://x"}, "CARTA_SMTP"),
        ({"CARTA_SMTP": "smtp://x:porta"}, "CARTA_SMTP"),
        ({"CARTA_SMTP": "smtps://u:p@x"}, "Manca CARTA_MAIL_FROM"),
        ({"CARTA_SMTP": "smtps://u@x"}, "CARTA_SMTP"),  # a user without a password
        ({"CARTA_SMTP": "smtps://u:p#w@x"}, "%23"),  # the address would end there
        ({"CARTA_SMTP": "smtps://u:p/w@x"}, "CARTA_SMTP"),
        ({"CARTA_SMTP": "smtps://u:p%0Aw@x"}, "CARTA_SMTP"),
        ({"CARTA_SMTP": "smtps://u:p%FFw@x"}, "CARTA_SMTP"),
        ({"CARTA_SMTP": "smtps://u:pà@x"}, "accentate"),
        ({"CARTA_IMAP": "smtps://u:p@x"}, "CARTA_IMAP"),
        ({"CARTA_IMAP": "imap://u:p@posta.example.it"}, "imaps://"),  # in clear, elsewhere
        ({"CARTA_MAIL_TO": "a@b.it, c@d.it"}, "CARTA_MAIL_TO"),
        ({"CARTA_MAIL_TO": "Ufficio <a@b.it>"}, "senza il nome"),
        ({"CARTA_MAIL_FROM": "a@b.it\nBcc: c@d.it"}, "CARTA_MAIL_FROM"),
        ({"CARTA_URL": "moduli.example.it"}, "CARTA_URL"),
        ({"CARTA_URL": "https://x/\ny"}, "CARTA_URL"),
        ({"PORT": "0"}, "PORT"),
        ({"PORT": "²"}, "PORT"),
        ({"ALTRO": "# age-secret-key-1xyz"}, "ALTRO contiene una chiave privata"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read_settings(_environ(tmp_path, **changes))


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtps://x.it", Server("smtps", "x.it", 465)),
        ("smtp://x.it:25", Server("smtp", "x.it", 25)),
        ("smtp://[::1]", Server("smtp", "::1", 587)),
        ("smtps://a@pec.it:p%2F%23%40@x.it", Server("smtps", "x.it", 465, "a@pec.it", "p/#@")),
        ("imaps://a:b@x.it/Ricevute", Server("imaps", "x.it", 993, "a", "b", "Ricevute")),
        ("imap://a:b@localhost", Server("imap", "localhost", 143, "a", "b")),
    ],
)
def test_a_mail_server_is_taken_apart(text: str, server: Server) -> None:
    assert read_server(text, ("smtp", "smtps", "imap", "imaps")) == server
    assert "p/#@" not in repr(server)


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("localhost.it", False),
     ("10.0.0.1", False), ("127.1", False)],
)  # fmt: skip
def test_this_machine_is_told_from_others(host: str, is_local: bool) -> None:
    assert Server("smtp", host, 25).is_local is is_local


def test_a_private_key_is_not_repeated_in_the_refusal(tmp_path: Path) -> None:
    key = str(Identity.generate())
    with pytest.raises(SettingsError) as refusal:
        read_settings(_environ(tmp_path, CARTA_RECIPIENTS=f"{_KEYS[0]} {key}"))
    assert key[15:] not in str(refusal.value)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/run/x.db", "tmpfs"), ("/dev/x.db", "devtmpfs"), ("/app/x.db", "overlay"),
        ("/mnt/rete/x.db", "nfs4"), ("/mnt/con spazio/x.db", "cifs"),
        ("/mnt/host/x.db", "fuse.sshfs"), ("/coperto/x.db", "tmpfs"),
    ],
)  # fmt: skip
def test_a_database_where_data_does_not_last_is_refused(path: str, kind: str) -> None:
    with pytest.raises(SettingsError, match=kind):
        refuse_volatile(Path(path), _MOUNTS)


@pytest.mark.parametrize("path", ["/srv/x.db", "/app/dati/x.db", "/runner/x.db"])
def test_a_database_on_a_disk_is_accepted(path: str) -> None:
    refuse_volatile(Path(path), _MOUNTS)


def test_a_server_is_told_from_a_file() -> None:
    assert is_postgres("postgresql://u@h/d")
    assert not is_postgres("/srv/postgresql.db")
