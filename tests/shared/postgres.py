"""A PostgreSQL server of Debian's for tests: in a folder of its own, reached by a socket in it and by nothing else."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


def _programs() -> Path | None:
    """The folder with initdb and postgres, the newest there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("postgres")
    return Path(named).resolve().parent if named else None


def _somebody() -> dict[str, int]:
    """Who runs the server: it refuses to run as root."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return {"user": pwd.getpwnam(name).pw_uid, "group": pwd.getpwnam(name).pw_gid}
    pytest.skip("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


@contextlib.contextmanager
def _server(programs: Path) -> Iterator[Path]:
    who = _somebody()
    # Short, and not below pytest's own folder: a socket's path has 107 characters, and root's folders are closed.
    folder = Path(tempfile.mkdtemp(prefix="playbook-pg-"))
    if who:
        os.chown(folder, who["user"], who["group"])
    data, here = str(folder / "data"), {"cwd": folder, "env": {"LC_ALL": "C.UTF-8", "PATH": os.defpath}}
    told = ["-D", data, "-U", "playbook", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    subprocess.run([str(programs / "initdb"), *told], check=True, capture_output=True, **here, **who)
    quick = ["-c", "fsync=off", "-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
    server = subprocess.Popen(
        [str(programs / "postgres"), "-D", data, *quick], stderr=subprocess.PIPE, text=True, **here, **who
    )
    try:
        said = []
        for line in server.stderr:
            said.append(line)
            if "ready to accept connections" in line:
                break
        else:
            pytest.fail(f"PostgreSQL did not start: {''.join(said)}")
        drain = threading.Thread(target=server.stderr.read)
        drain.start()
        yield folder
        server.terminate()
        server.wait(30)
        drain.join()
    finally:
        server.kill()
        server.wait()
        server.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """The folder with the socket of a server; without the program, its tests are skipped, and say how to get it."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with _server(programs) as folder:
        yield folder


@pytest.fixture
def postgres(postgres_server: Path) -> Iterator[str]:
    """The address of a gradebook in PostgreSQL, empty for each test."""
    import psycopg

    def do(command: str) -> None:
        with psycopg.connect(
            host=str(postgres_server), user="playbook", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(command)

    do("CREATE DATABASE gradebook")
    yield f"postgresql+psycopg://playbook@/gradebook?host={postgres_server}"
    do("DROP DATABASE gradebook WITH (FORCE)")
