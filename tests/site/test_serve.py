import socket
import urllib.request

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.errors import PlaybookError
from playbook.site.serve import address, open_server, serving


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
