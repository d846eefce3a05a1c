"""Open Badges: signed, changed, shown by somebody else; all without a network. Skipped where openbadgeslib is not there."""

import base64
import importlib.util
import json
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.desk import badges
from playbook.errors import PlaybookError

pytestmark = pytest.mark.slow

needs_library = pytest.mark.skipif(
    importlib.util.find_spec("openbadgeslib") is None, reason="openbadgeslib is not installed"
)
GIVEN = datetime(2020, 11, 1, tzinfo=UTC)
LI = badges.Holder("001001", "Li.Wei@corp.example")


def certificate(**more):
    return badges.Certificate(
        "https://example.org/c/", "Example Ltd", "M1.5", "Passed every gate.", GIVEN, **more
    )


@pytest.fixture
def key(tmp_path):
    return badges.issuer_key(tmp_path / "key.pem")


@pytest.fixture
def badge(key):
    [(name, badge)] = badges.issue(certificate(), [LI], key)
    assert name == "001001.jwt"
    return badge


@needs_library
def test_a_badge_holds_for_its_issuer_and_its_holder(badge, key):
    found = badges.verify(badge, "b.jwt", badges.issuer_of(key), "li.wei@corp.example")
    assert (found.name, found.issuer, found.given, found.until) == ("M1.5", "Example Ltd", GIVEN, None)


@needs_library
def test_no_address_and_no_name_stands_in_a_badge(badge):
    payload = base64.urlsafe_b64decode(badge.split(".")[1] + "==").decode()
    assert "corp.example" not in payload.casefold()
    assert "001001" not in payload
    subject = json.loads(payload).get("vc", json.loads(payload))["credentialSubject"]
    [identifier] = subject["identifier"]
    assert identifier["hashed"] is True
    assert len(identifier["salt"]) == 32


@needs_library
def test_a_badge_that_was_changed_does_not_hold(badge, key):
    head, payload, signature = badge.split(".")
    data = json.loads(base64.urlsafe_b64decode(payload + "=="))
    data.get("vc", data)["credentialSubject"]["achievement"]["name"] = "Director"
    forged = base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
    with pytest.raises(
        PlaybookError, match=r"b\.jwt: this badge does not hold: its signature does not fit"
    ) as caught:
        badges.verify(f"{head}.{forged}.{signature}", "b.jwt", badges.issuer_of(key))
    assert "compare the issuer's did:key" in caught.value.remedy


@needs_library
@pytest.mark.parametrize("text", ["", "a.b.c", "{}"])
def test_what_is_no_badge_is_told(text, key):
    with pytest.raises(PlaybookError) as caught:
        badges.verify(text, "b.jwt", badges.issuer_of(key))
    assert str(caught.value) == (
        "b.jwt: this badge does not hold: the file is no badge, or a part of it is missing\n"
        "What to do: ask its holder for the file as it was given"
    )


@needs_library
def test_another_issuer_another_holder_and_an_end_are_told(badge, key, tmp_path):
    other = badges.issuer_of(badges.issuer_key(tmp_path / "other.pem"))
    with pytest.raises(PlaybookError, match="it was changed or is another issuer's"):
        badges.verify(badge, "b.jwt", other)
    with pytest.raises(PlaybookError, match="this badge belongs to another address") as caught:
        badges.verify(badge, "b.jwt", badges.issuer_of(key), "wang@corp.example")
    assert caught.value.remedy == "ask under which address it was given"
    [(_name, ended)] = badges.issue(certificate(until=datetime(2020, 11, 2, tzinfo=UTC)), [LI], key)
    with pytest.raises(PlaybookError, match="this badge does not hold: its day has passed") as caught:
        badges.verify(ended, "b.jwt", badges.issuer_of(key))
    assert caught.value.remedy == "ask its holder for a newer one"
    [(_name, early)] = badges.issue(
        replace(certificate(), given=datetime(2999, 11, 2, tzinfo=UTC)), [LI], key
    )
    with pytest.raises(PlaybookError, match="its first day is still to come") as caught:
        badges.verify(early, "b.jwt", badges.issuer_of(key))
    assert caught.value.remedy == "look at it again on that day"
    with pytest.raises(PlaybookError, match="--issuer 'did:key:z6Mk' is no whole did:key") as caught:
        badges.verify(badge, "b.jwt", "did:key:z6Mk")
    assert "to its last letter" in caught.value.remedy
    with pytest.raises(PlaybookError, match="is no issuer that can be checked without a network") as caught:
        badges.verify(badge, "b.jwt", "did:web:example.org")
    assert "--issuer" in caught.value.remedy


@needs_library
def test_a_key_of_another_kind_is_told():
    with pytest.raises(PlaybookError, match=r"k\.pem: this is no Ed25519 key in PEM") as caught:
        list(badges.issue(certificate(), [LI], b"nothing", "k.pem"))
    assert caught.value.remedy.startswith("name another with --key")


@needs_library
def test_badges_on_the_command_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "holders.csv").write_text("工号,邮箱\n001001,li.wei@corp.example\n", encoding="utf-8")
    made = CliRunner().invoke(
        app, ["badge", "issue", "holders.csv", "--site", "https://e.org/c", "--issuer", "E"]
    )
    assert "1 badge in badges/" in made.output
    assert "Note: A badge holds no name" in made.output
    assert stat.S_IMODE((tmp_path / ".playbook-badge-key.pem").stat().st_mode) == 0o600
    did = next(word for word in made.output.split() if word.startswith("did:key:"))
    shown = CliRunner().invoke(
        app, ["badge", "verify", "badges/001001.jwt", "--issuer", did, "--email", "LI.WEI@corp.example"]
    )
    assert shown.output.startswith("Holds: Reserve manager, given by E on ")
    (tmp_path / "picture.jwt").write_bytes(b"\x89\xff")
    for name, why in (("none.jwt", "No such file or directory"), ("picture.jwt", "it is no text")):
        refused = CliRunner().invoke(app, ["badge", "verify", name, "--issuer", did])
        assert str(refused.exception) == f"{name}: the badge can't be read: {why}\nWhat to do: check the path"


def test_holders_without_an_address_are_told_by_row(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("id,email\n1,a@b.c\n2,\n,x@y.z\n", encoding="utf-8")
    with pytest.raises(PlaybookError, match="rows without an id or an e-mail address: 3, 4") as caught:
        badges.read_holders(path)
    assert caught.value.remedy == "give each person an id of their own and one address, or leave the row out"
    path.write_text("id,email\n", encoding="utf-8")
    with pytest.raises(PlaybookError, match="the list is empty"):
        badges.read_holders(path)


def test_a_day_that_is_none_is_told():
    with pytest.raises(PlaybookError, match="--until 'soon' is no day") as caught:
        badges.day("soon", "--until")
    assert caught.value.remedy == "write it as 2026-11-30"


def test_a_library_that_is_missing_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "openbadgeslib", None)
    with pytest.raises(PlaybookError, match="what makes and reads badges is not installed") as caught:
        badges.verify("x", "x", "did:key:z")
    assert caught.value.remedy == "type: pip install openbadgeslib"


def test_two_rows_of_one_id_or_name_are_told_and_so_is_what_is_no_address(tmp_path):
    """The second badge took the first one's file, and two were counted."""
    path = tmp_path / "h.csv"
    path.write_text("id,email\nab,a@b.c\nAB,d@e.f\nx,a@b.c;x@y.z\ny,li wei@b.c\n", encoding="utf-8")
    with pytest.raises(PlaybookError) as caught:
        badges.read_holders(path)
    assert str(caught.value).splitlines() == [
        f"{path}: rows without an id or an e-mail address: 4, 5; rows with an id or name that stands above: 3 (AB)",
        "What to do: give each person an id of their own and one address, or leave the row out",
    ]
    path.write_text("id,email\n" + "".join(f"{n},\n" for n in range(300)), encoding="utf-8")
    with pytest.raises(PlaybookError, match=r"2, 3, .* 11 and 290 more"):
        badges.read_holders(path)


@needs_library
def test_a_badge_that_ends_before_it_begins_or_names_no_site_is_refused(key):
    with pytest.raises(
        PlaybookError, match="the badge would end on 2020-11-01 and is given on 2020-11-01"
    ) as caught:
        list(badges.issue(certificate(until=GIVEN), [LI], key))
    assert caught.value.remedy == "let --until be a later day than --given"
    with pytest.raises(PlaybookError, match="'foo' is no address of a site"):
        list(badges.issue(replace(certificate(), site="foo"), [LI], key))


@needs_library
def test_a_folder_or_key_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "h.csv").write_text("id,email\n1,a@b.c\n", encoding="utf-8")
    call = ["badge", "issue", "h.csv", "--site", "https://e.org/c", "--issuer", "E"]
    for wrong in (["--site", "foo"], ["--until", "2020-01-01"]):
        assert CliRunner().invoke(app, [*call, *wrong]).exit_code == 1
        assert not list(tmp_path.rglob("*.pem")), "a key is made for a badge alone"
    refused = CliRunner().invoke(app, [*call, "--out", "h.csv"])
    assert str(refused.exception) == (
        "h.csv: the badges can't be written: File exists\nWhat to do: name another folder with --out"
    )
    refused = CliRunner().invoke(app, [*call, "--key", "h.csv/key.pem"])
    assert "h.csv/key.pem: the key can't be " in str(refused.exception)
    refused = CliRunner().invoke(app, [*call, "--key", "/proc/none/key.pem"])
    assert str(refused.exception) == (
        "/proc/none/key.pem: the key can't be written: No such file or directory\n"
        "What to do: name another with --key"
    )
