import gzip
import http.client
import os
import socket
import urllib.request
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.errors import PlaybookError
from playbook.site.compressed import LARGE, Compressed
from playbook.site.serve import address, compress_ahead, open_server, serving

pytestmark = pytest.mark.slow

SCRIPT = b"".join(b"export const value%d = %d;\n" % (number, number) for number in range(2_000))


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text("<h1>Here</h1>", encoding="utf-8")
    (tmp_path / "module.mjs").write_text("export {}", encoding="utf-8")
    (tmp_path / "core.wasm").write_bytes(b"\0asm")
    return tmp_path


def test_it_listens_on_this_machine_only(site):
    with open_server(site, 0) as server:
        assert server.server_address[0] == "127.0.0.1"
        assert address(server).startswith("http://127.0.0.1:")


def test_a_taken_port_gives_way_to_a_free_one(site):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with open_server(site, taken) as server:
            assert server.server_address[1] != taken


@pytest.mark.parametrize(
    ("name", "kind"),
    [("index.html", "text/html"), ("module.mjs", "text/javascript"), ("core.wasm", "application/wasm")],
)
def test_files_come_with_the_types_that_browsers_insist_on(site, name, kind):
    with serving(site) as where, urllib.request.urlopen(where + name) as answer:
        assert answer.headers["Content-Type"].startswith(kind)
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.fixture
def ask(site):
    """Ask a server of the site for a file, with headers; returns status, headers and body."""
    (site / "big.js").write_bytes(SCRIPT)
    (site / "packed.pack").write_bytes(gzip.compress(SCRIPT))
    with serving(site) as where:
        connection = http.client.HTTPConnection(urlsplit(where).netloc)

        def ask(name: str, method: str = "GET", **headers: str):
            connection.request(
                method, f"/{name}", headers={k.replace("_", "-"): v for k, v in headers.items()}
            )
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

        yield ask
        connection.close()


def test_a_script_travels_compressed_to_a_browser_that_accepts_it(ask):
    status, headers, body = ask("big.js", Accept_Encoding="gzip, deflate, br")
    assert (status, headers["Content-Encoding"], headers["Vary"]) == (200, "gzip", "Accept-Encoding")
    assert int(headers["Content-Length"]) == len(body) < len(SCRIPT) / 3
    assert gzip.decompress(body) == SCRIPT


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br, gzip; q=0.0", "*;q=0"])
def test_a_client_that_does_not_accept_gzip_gets_the_file_as_it_is(ask, accepted):
    _, headers, body = ask("big.js", Accept_Encoding=accepted)
    assert (headers["Content-Encoding"], headers["Vary"], body) == (None, "Accept-Encoding", SCRIPT)


@pytest.mark.parametrize("name", ["packed.pack", "module.mjs"])
def test_what_is_compressed_already_or_tiny_is_sent_as_it_is(site, ask, name):
    _, headers, body = ask(name, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] is None
    assert body == (site / name).read_bytes()


def test_a_head_request_tells_what_a_get_would_send(ask):
    _, got, _ = ask("big.js", Accept_Encoding="gzip")
    status, told, nothing = ask("big.js", "HEAD", Accept_Encoding="gzip")
    assert (status, nothing) == (200, b"")
    for name in ("Content-Length", "Content-Encoding", "ETag", "Vary", "Content-Type"):
        assert told[name] == got[name]


def test_a_browser_that_has_the_file_is_told_so_without_a_body(ask):
    _, headers, _ = ask("big.js", Accept_Encoding="gzip")
    for known in (headers["ETag"], f'"other", W/{headers["ETag"]}', "*"):
        status, answered, body = ask("big.js", Accept_Encoding="gzip", If_None_Match=known)
        assert (status, body, answered["ETag"]) == (304, b"", headers["ETag"])
        assert answered["Vary"] == "Accept-Encoding"
    assert ask("big.js", If_Modified_Since=headers["Last-Modified"])[0] == 304
    assert ask("big.js", If_Modified_Since="Thu, 01 Jan 1970 00:00:00 GMT")[0] == 200
    assert ask("big.js", If_Modified_Since="yesterday")[0] == 200


def test_a_tag_outweighs_a_date(ask):
    _, headers, _ = ask("big.js")
    assert ask("big.js", If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])[0] == 200


def test_the_compressed_and_the_plain_file_have_tags_of_their_own(ask):
    plain, packed = (ask("big.js", Accept_Encoding=accepted)[1]["ETag"] for accepted in ("", "gzip"))
    assert plain != packed
    assert ask("big.js", Accept_Encoding="gzip", If_None_Match=plain)[0] == 200


def test_a_changed_file_is_sent_anew_even_within_the_same_second(site, ask):
    _, headers, _ = ask("big.js", Accept_Encoding="gzip")
    before = (site / "big.js").stat()
    changed = SCRIPT.replace(b"const", b"other")
    (site / "big.js").write_bytes(changed)
    os.utime(site / "big.js", ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    status, _, body = ask("big.js", Accept_Encoding="gzip", If_None_Match=headers["ETag"])
    assert status == 200
    assert gzip.decompress(body) == changed


@pytest.mark.parametrize(
    ("asked", "first", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        (f"bytes={len(SCRIPT) - 5}-", len(SCRIPT) - 5, len(SCRIPT)),
        ("bytes=-7", len(SCRIPT) - 7, len(SCRIPT)),
        ("bytes=5-999999999", 5, len(SCRIPT)),
        ("bytes=-999999999", 0, len(SCRIPT)),
    ],
)
def test_a_part_is_a_part_of_the_plain_file(ask, asked, first, stop):
    status, headers, body = ask("big.js", Accept_Encoding="gzip", Range=asked)
    assert (status, headers["Content-Encoding"]) == (206, None)
    assert headers["Content-Range"] == f"bytes {first}-{stop - 1}/{len(SCRIPT)}"
    assert body == SCRIPT[first:stop]


@pytest.mark.parametrize("asked", [f"bytes={len(SCRIPT)}-", "bytes=-0"])
def test_a_part_that_the_file_does_not_have_is_refused(ask, asked):
    status, headers, body = ask("big.js", Range=asked)
    assert (status, headers["Content-Range"], body) == (416, f"bytes */{len(SCRIPT)}", b"")


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=0-1,4-5", "lines=1-2", "bytes=-"])
def test_a_range_that_cannot_be_read_brings_the_whole_file(ask, asked):
    assert ask("big.js", Range=asked)[::2] == (200, SCRIPT)


def test_a_part_is_sent_only_of_the_version_that_the_client_has(ask):
    _, headers, _ = ask("big.js")
    for same in (headers["ETag"], headers["Last-Modified"]):
        assert ask("big.js", Range="bytes=0-9", If_Range=same)[0] == 206
    packed = ask("big.js", Accept_Encoding="gzip")[1]["ETag"]
    for other in ('"other"', packed, "Thu, 01 Jan 1970 00:00:00 GMT"):
        assert ask("big.js", Range="bytes=0-9", If_Range=other)[::2] == (200, SCRIPT)


def test_what_is_not_there_is_said_and_the_connection_goes_on(ask):
    assert ask("nothing.js")[0] == 404
    assert ask("index.html/")[0] == 404
    assert ask("", Accept_Encoding="gzip")[2] == b"<h1>Here</h1>"


def test_large_files_are_compressed_once_and_ahead_of_the_first_reader(site, monkeypatch):
    compressed = []
    plain = gzip.compress
    monkeypatch.setattr(gzip, "compress", lambda data, *a, **k: compressed.append(1) or plain(data, *a, **k))
    (site / "core.wasm").write_bytes(b"\0asm" * LARGE)
    with open_server(site, 0) as server:
        for waiting in compress_ahead(server, site):
            waiting.result()
        assert len(compressed) == 1
        assert gzip.decompress(server.compressed.of(site / "core.wasm")) == b"\0asm" * LARGE
        assert len(compressed) == 1


def test_what_does_not_get_smaller_stays_as_it_is(tmp_path):
    (tmp_path / "noise.js").write_bytes(os.urandom(5_000))
    store = Compressed()
    assert store.of(tmp_path / "noise.js") is None
    store.close()


def test_a_folder_without_a_site_is_refused_with_a_remedy(tmp_path):
    with pytest.raises(PlaybookError, match="playbook build"):
        open_server(tmp_path)


def test_the_command_prints_the_address_and_stops_cleanly(site, monkeypatch):
    def interrupted(self, *args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("socketserver.BaseServer.serve_forever", interrupted)
    result = CliRunner().invoke(app, ["serve", str(site), "--port", "0"])
    assert result.exit_code == 0
    assert "The course is at http://127.0.0.1:" in result.output
    assert "Stopped." in result.output
