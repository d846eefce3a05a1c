"""A lost machine costs nothing: whatever is killed, every hand-in has one mark in the end."""

import datetime
import ipaddress
from random import Random

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from playbook.authoring import load_master
from playbook.cli import app
from playbook.cluster.addresses import NO_TLS, Tls
from playbook.cluster.connection import open_cluster
from playbook.cluster.crew import ClusterCrew
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.grading.grade import grade_pending, plan_grading
from playbook.grading.marker import Marker
from playbook.places import cache_folder
from playbook.submissions.hand_in import find_hand_ins
from tests.cluster.machines import closing, scheduler, worker
from tests.grading.graders import EXERCISE, make_course, share_unseen

pytestmark = [pytest.mark.long, pytest.mark.slow, pytest.mark.sandbox]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    share_unseen(tmp_path / "cache")
    monkeypatch.setenv("PLAYBOOK_CACHE", str(tmp_path / "cache"))
    return cache_folder("prepared")


def grade(folder, address, cache, gradebook, progress=lambda *_: None, tls=NO_TLS):
    """Grade a folder's hand-ins on a cluster; the tally, and how often each parcel was taken."""
    master = load_master(folder / "exercises" / EXERCISE)
    marker = Marker({master.id: master}, "s", cache)
    with open_cluster(address, tls, True) as cluster, Gradebook(gradebook) as book:
        plan = plan_grading(
            find_hand_ins(folder / "submissions", [master.id], book.facts().get), book, marker
        )
        tally = grade_pending(plan, book, ClusterCrew(cluster, marker, "s", cache), progress=progress)
        return tally, cluster.given()


def check_whole(address, expected):
    """Every hand-in has one mark, with the points it earns, and all its questions."""
    told = {}
    with Gradebook(address) as book:
        engine = sa.create_engine(book.address)
    with engine.connect() as connection:
        for name, query in {
            "claims": "SELECT count(*) FROM claims",
            "marks": "SELECT count(*) FROM marks",
            "refusals": "SELECT count(*) FROM refusals",
            "questions": "SELECT count(*) FROM questions",
        }.items():
            told[name] = connection.execute(sa.text(query)).scalar()
        marks = connection.execute(
            sa.text("SELECT a.trainee, m.points FROM marks m JOIN attempts a ON a.mark = m.id")
        ).all()
    engine.dispose()
    assert told == {"claims": 0, "marks": len(expected), "refusals": 0, "questions": 4 * len(expected)}
    assert sorted(marks) == sorted(expected.items())


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1])
def test_of_four_workers_two_are_killed_at_random_moments_and_300_hand_ins_have_one_mark_each(
    seed, postgres, cache, tmp_path
):
    expected = make_course(tmp_path, 300)
    chance = Random(seed)
    moments = sorted(chance.sample(range(10, 280), 2))
    with closing([]) as machines:
        made, address = scheduler()
        machines.append(made)
        workers = [
            worker(address, f"w{number}", tmp_path / f"w{number}", "--jobs", "1") for number in range(4)
        ]
        machines += workers
        for one in workers:
            one.wait()
        doomed = dict(zip(moments, chance.sample(workers, 2), strict=True))

        def kill(what, done, total):
            if what == "grading" and done in doomed:
                doomed[done].kill()

        tally, given = grade(tmp_path, address, cache, postgres, kill)
        assert [one.killed for one in doomed.values()] == [True, True]
        assert (tally.graded, tally.refused, tally.elsewhere) == (300, [], 0)
        assert max(given.values()) <= 4, "each worker takes a parcel once"
    check_whole(postgres, expected)


def test_when_the_scheduler_is_lost_the_same_call_goes_on_with_another_and_regrades(
    cache, tmp_path, monkeypatch
):
    expected = make_course(tmp_path, 12)
    gradebook = tmp_path / "gradebook.sqlite"
    with closing([]) as machines:
        lost, address = scheduler()
        machines.append(lost)
        first = worker(address, "first", tmp_path / "first")
        machines.append(first)
        first.wait()

        def kill(what, done, total):
            if (what, done) == ("grading", 3):
                lost.kill()

        with pytest.raises(PlaybookError, match="the scheduler is gone") as caught:
            grade(tmp_path, address, cache, gradebook, kill)
        assert "what was graded is kept" in caught.value.remedy
        assert first.code() == 1
        assert "the scheduler has ended, or can no longer be reached" in first.said
        assert "start the scheduler again, then this worker" in first.said
        another, address = scheduler()
        machines.append(another)
        second = worker(address, "first", tmp_path / "first")
        machines.append(second)
        second.wait()
        tally, _ = grade(tmp_path, address, cache, gradebook)
        assert 3 <= tally.unchanged < 12
        assert tally.graded + tally.unchanged == 12
        check_whole(gradebook, expected)
        master = tmp_path / "exercises" / EXERCISE / "master.md"
        master.write_text(master.read_text().replace("kind: number, points: 2", "kind: number, points: 3"))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PLAYBOOK_SECRET", "s")
        told = ["regrade", "--exercises", "exercises", "--gradebook", str(gradebook), "--cluster", address]
        done = CliRunner().invoke(app, told, env={"COLUMNS": "120"})
        assert "12 marks are outdated; 12 of them change: 9 up, 0 down." in done.stdout
        assert second.end() == 0


def certificates(folder):
    """An authority, and a certificate of it for this machine: PEM files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    now = datetime.datetime.now(datetime.UTC)

    def write(name, key, made):
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
        (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def certificate(name, issuer, key, signs, authority):
        builder = x509.CertificateBuilder().subject_name(
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        )
        builder = builder.issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=1))
        builder = builder.not_valid_after(now + datetime.timedelta(days=1))
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        where = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        return builder.add_extension(where, critical=False).sign(signs, hashes.SHA256())

    for authority, name in (("ours", "machine"), ("theirs", "stranger")):
        key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        write(authority, key, certificate(authority, authority, key, key, True))
        write(name, own, certificate(name, authority, own, key, False))


def test_with_certificates_the_way_is_encrypted_and_a_stranger_stays_outside(cache, tmp_path, monkeypatch):
    expected = make_course(tmp_path, 2)
    certificates(tmp_path)
    ca, cert, key = (str(tmp_path / name) for name in ("ours.pem", "machine.pem", "machine.key"))
    with closing([]) as machines:
        dask = ("--protocol", "tls", "--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key)
        made, address = scheduler(*dask)
        machines.append(made)
        assert address.startswith("tls://127.0.0.1:")
        files = ("--tls-ca", ca, "--tls-cert", cert, "--tls-key", key)
        machines.append(worker(address, "one", tmp_path / "one", *files))
        machines[-1].wait()
        tls = Tls(*(tmp_path / name for name in ("ours.pem", "machine.pem", "machine.key")))
        tally, _ = grade(tmp_path, address, cache, tmp_path / "g.sqlite", tls=tls)
        assert tally.graded == 2
        monkeypatch.setattr("playbook.cluster.connection.REACH_S", 2.0)
        stranger = Tls(*(tmp_path / name for name in ("theirs.pem", "stranger.pem", "stranger.key")))
        with (
            pytest.raises(PlaybookError, match="no scheduler answers there within 2 seconds") as caught,
            open_cluster(address, stranger, True),
        ):
            pass
        assert "the certificates (it said:" in caught.value.remedy
    check_whole(tmp_path / "g.sqlite", expected)
