"""The page of a reader answers to this machine, to its token and to itself; to everybody else it says no."""

import http.client
import re
import socket
from urllib.parse import urlencode

import pytest

from playbook.authoring.master import find_masters
from playbook.desk.review import server as module
from playbook.desk.review.server import reviewing
from playbook.desk.review.sitting import Sitting
from playbook.desk.review.texts import texts_to_read
from playbook.errors import PlaybookError
from tests.gradebook.reading import EXERCISE


@pytest.fixture
def sitting(book):
    return Sitting(book, texts_to_read(book, find_masters(names=[EXERCISE])), "Wang Fang")


@pytest.fixture
def served(sitting):
    with reviewing(sitting) as server:
        yield server


def ask(server, below="", form=None, path=None, **headers):
    """Status, place to go to, and text; `below` the token, unless a whole path is named."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    try:
        path = f"/{server.token}/{below}" if path is None else path
        body = None if form is None else urlencode(form)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET" if form is None else "POST", path, body, headers)
        answer = connection.getresponse()
        place = (answer.getheader("Location") or "").removeprefix(f"/{server.token}/")
        return answer.status, place, answer.read().decode()
    finally:
        connection.close()


def test_it_listens_on_this_machine_alone_and_its_token_cannot_be_guessed(served):
    assert served.server_address[0] == "127.0.0.1"
    assert len(served.token) >= 32
    with reviewing(served.sitting) as other:
        assert other.token != served.token
    assert served.address == f"http://127.0.0.1:{served.server_port}/{served.token}/"


@pytest.mark.parametrize("path", ["/", "/1", "/wrong/1", "/wrong/undo", "/{token}x/1", "/{short}/1"])
@pytest.mark.parametrize("form", [None, {"halves": "2"}])
def test_without_the_token_nothing_is_told_and_nothing_kept(served, book, path, form):
    path = path.format(token=served.token, short=served.token[:-1])
    status, place, text = ask(served, path=path, form=form)
    assert (status, place) == (403, "")
    assert text == "Open the whole address that `playbook review` has printed: its long part is the key.\n"
    assert book.reviews() == []


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:{port}", "127.0.0.1", "127.0.0.1:1", "10.0.0.1:{port}", ""]
)
@pytest.mark.parametrize("form", [None, {"halves": "2"}])
def test_a_foreign_host_is_refused(served, book, host, form):
    status, _place, text = ask(served, "1", form, Host=host.format(port=served.server_port))
    assert (status, text) == (421, "This page answers to its own address alone.\n")
    assert book.reviews() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("form", [None, {"halves": "2"}])
def test_what_another_page_asks_for_is_refused(served, book, headers, form):
    status, _place, text = ask(served, "1", form, **headers)
    assert (status, text) == (403, "Another page asked for this; it gets nothing.\n")
    assert book.reviews() == []


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_its_own_page_is_answered(served, book, name):
    own = f"{name}:{served.server_port}"
    headers = {"Host": own, "Origin": f"http://{own}", "Sec_Fetch_Site": "same-origin"}
    assert ask(served, "1", {"halves": "2"}, **headers)[0] == 303
    assert [row.points for row in book.reviews()] == [1]


def test_a_reader_goes_from_answer_to_answer_and_back(served, book):
    assert ask(served)[:2] == (303, "1")
    status, _place, text = ask(served, "1")
    assert (status, "Answer 1 of 6" in text, "0 of 6 judged" in text) == (200, True, True)
    assert "Chapter 3 · " in text
    assert EXERCISE not in text
    assert ask(served, "1", {"halves": "1", "comment": "Which month?\r\nWhich year?"})[:2] == (303, "2")
    assert "Which month?\nWhich year?</textarea>" in ask(served, "1")[2]
    assert ask(served, "3", {"halves": "2", "comment": ""})[:2] == (303, "4")
    assert "2 of 6 judged" in ask(served, "2")[2]
    assert ask(served, "undo", {})[:2] == (303, "3")
    assert [(row.points, row.withdraws) for row in book.reviews()] == [(0.5, None), (1, None), (None, 2)]
    for place in (2, 3, 4, 5):
        ask(served, str(place), {"halves": "0"})
    assert ask(served, "6", {"halves": "0"})[:2] == (303, "end")
    assert "All 6 answers are judged" in ask(served, "end")[2]
    assert ask(served)[:2] == (303, "end")


def test_what_is_wrong_with_a_form_is_said_on_the_page_and_nothing_typed_is_lost(served, book):
    said = {
        "": "Choose points first: press their key.",
        "x": "Choose points first: press their key.",
        "3": "1.5 points cannot be given here\nWhat to do: give half points, from 0 to 1",
    }
    for halves, words in said.items():
        status, _place, text = ask(served, "1", {"halves": halves, "comment": "Typed already"})
        assert status == 409
        assert words in text
        assert "Typed already</textarea>" in text
    status, _place, text = ask(served, "1", {"halves": "1", "comment": "月" * 2_001})
    assert (status, "the comment has 2001 characters" in text) == (409, True)
    assert book.reviews() == []


def test_who_was_slower_is_told_so(served, book, sitting):
    book.review(sitting.texts[0].read, "Li Na", 0)
    status, _place, text = ask(served, "1", {"halves": "2"})
    assert status == 409
    assert "Li Na has judged this answer already" in text


def test_what_the_reader_gave_in_another_window_meanwhile_is_not_overwritten_unseen(served, book):
    first = re.search(r'name="seen" value="(\d+)"', ask(served, "1")[2])[1]
    assert first == "0"
    assert ask(served, "1", {"halves": "2", "seen": first})[:2] == (303, "2")
    status, _place, text = ask(served, "1", {"halves": "0", "comment": "Too vague", "seen": first})
    assert status == 409
    assert "in another window you have changed this judgement meanwhile; what stands now: 1" in text
    assert "send yours again if it is to take the place of that one" in text
    assert "Too vague</textarea>" in text
    assert [row.points for row in book.reviews()] == [1]
    seen = re.search(r'name="seen" value="(\d+)"', text)[1]
    assert ask(served, "1", {"halves": "0", "comment": "Too vague", "seen": seen})[:2] == (303, "2")
    assert [row.points for row in book.reviews()] == [1, 0]


def test_what_was_taken_back_in_another_window_is_told(served):
    assert ask(served, "1", {"halves": "2", "seen": "0"})[:2] == (303, "2")
    seen = re.search(r'name="seen" value="(\d+)"', ask(served, "1")[2])[1]
    assert ask(served, "undo", {})[:2] == (303, "1")
    status, _place, text = ask(served, "1", {"halves": "1", "seen": seen})
    assert (status, "what stands now: nothing" in text) == (409, True)


def test_a_gradebook_that_is_gone_is_told_and_nothing_typed_is_lost(served, tmp_path):
    (tmp_path / "gradebook.sqlite").rename(tmp_path / "away.sqlite")
    status, _place, text = ask(served, "1", {"halves": "2", "comment": "Typed already"})
    assert status == 409
    assert "the gradebook is gone, or another file has taken its place" in text
    assert "put the gradebook back, and start again: nothing was kept since" in text
    assert "Typed already</textarea>" in text
    (tmp_path / "gradebook.sqlite").write_bytes((tmp_path / "away.sqlite").read_bytes())
    assert ask(served, "1", {"halves": "2"})[0] == 409
    (tmp_path / "away.sqlite").replace(tmp_path / "gradebook.sqlite")
    assert ask(served, "1", {"halves": "2"})[:2] == (303, "2")


def test_what_was_asked_is_shown_without_marks(served):
    text = ask(served, "1")[2]
    assert "We enter … first." in text
    assert "&gt; We enter" not in text


def test_nothing_to_undo_is_said(served):
    status, _place, text = ask(served, "undo", {})
    assert status == 409
    assert "There is nothing to undo: you have judged nothing yet." in text


@pytest.mark.parametrize("below", ["0", "7", "-1", "abc", "1e0", "１", "9" * 30, "../1", "1/2"])
def test_a_page_that_is_not_there_is_told(served, below):
    from urllib.parse import quote

    status, _place, text = ask(served, quote(below))
    assert (status, text) == (404, "There is no such page; the answers are numbered from 1 to 6.\n")


def test_more_than_a_form_is_not_read(served, book):
    status, _place, text = ask(served, "1", {"halves": "2", "comment": "x" * 50_000})
    assert (status, text) == (413, "This is more than a comment may hold.\n")
    assert book.reviews() == []


def test_a_page_is_kept_nowhere_shown_in_no_frame_and_runs_one_script(served):
    connection = http.client.HTTPConnection("127.0.0.1", served.server_port, timeout=60)
    connection.request("GET", f"/{served.token}/1")
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    rules = answer.getheader("Content-Security-Policy")
    [nonce] = re.findall(r'<script nonce="([^"]+)">', text)
    assert f"script-src 'nonce-{nonce}'" in rules
    assert "default-src 'none'" in rules
    assert "frame-ancestors 'none'" in rules
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Access-Control-Allow-Origin") is None


def test_a_connection_that_asks_nothing_keeps_nobody_waiting(served):
    with socket.create_connection(("127.0.0.1", served.server_port)):
        assert ask(served, "1")[0] == 200


def test_a_port_that_is_taken_is_told(served):
    with pytest.raises(PlaybookError) as error, reviewing(served.sitting, served.server_port):
        pass
    assert str(error.value) == (
        f"port {served.server_port} is in use\nWhat to do: leave --port out: a free one is taken then"
    )


def test_a_port_that_is_not_ours_is_told(sitting, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module, "ReviewServer", refuse)
    with pytest.raises(PlaybookError) as error, reviewing(sitting, 80):
        pass
    assert str(error.value) == (
        "port 80 cannot be used: Permission denied\nWhat to do: leave --port out: a free one is taken then"
    )
