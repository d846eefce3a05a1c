"""The Python side of a notebook in the browser; runs inside the browser alone.

The page starts Python in a worker and calls :func:`start`; from then on cells, completions and
widget messages come in as JSON and go out as JSON (and bytes, for widgets that carry pictures).
"""

import importlib.machinery
import json
import logging
import sys
import types
from base64 import b64encode
from contextlib import contextmanager
from pathlib import Path


class ArchiveFinder:
    """Fetches an archive when one of its modules is first imported, wherever that happens.

    Args:
        modules: top-level module → archive that brings it.
        needs: archive → archives it stands on.
        install: fetches and unpacks one archive; returns when its modules can be imported.
    """

    def __init__(self, modules, needs, install):
        self.modules, self.needs, self.install = modules, needs, install
        self.installed = set()

    def find_spec(self, name, path=None, target=None):
        """The spec of a module of an archive that is not here yet; None for all others."""
        archive = self.modules.get(name.partition(".")[0])
        if archive is None or archive in self.installed:
            return None
        self.fetch(archive)
        return importlib.machinery.PathFinder.find_spec(name, path, target)

    def fetch(self, archive):
        """Fetch and unpack an archive and what it stands on, once."""
        if archive in self.installed:
            return
        for needed in self.needs.get(archive, ()):
            self.fetch(needed)
        self.install(archive)
        self.installed.add(archive)  # not before: one that could not be fetched is asked for again
        # Of the finders, those of folders alone: the standard library's zip would be read anew 22 times.
        for finder in sys.path_importer_cache.values():
            if isinstance(finder, importlib.machinery.FileFinder):
                finder.invalidate_caches()


def fetch_cases(finder):
    """Let the kit fetch the seals and small tables of a case, and each large table, when it first needs them."""
    from playbook import places

    def fetch_case(name, table=""):
        for archive in (f"case-{name}", f"case-{name}-{table}"):
            if archive in finder.needs:
                finder.fetch(archive)

    places.fetch_case = fetch_case


class Kernel:
    """The interpreter of one notebook, spoken to in JSON."""

    def __init__(self, post):
        """Start the interpreter; `post(kind, content as JSON, buffers)` sends to the page."""
        _stand_in_for_terminals()
        with _without_database():
            import pyodide_kernel

        # In a tab the list of fonts is made at each start, and it says so; nobody needs to know.
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        self.post, self.noted = post, ""
        self.kernel = pyodide_kernel.kernel_instance
        self.shell = pyodide_kernel.ipython_shell
        self.shell.Completer.use_jedi = False  # completes from the live objects instead
        self.written = ("", "")
        for stream in (pyodide_kernel.stdout_stream, pyodide_kernel.stderr_stream):
            stream.publish_stream_callback = self._write
            stream.flush = self._flush
        self.shell.display_pub.display_data_callback = self._display("display_data")
        self.shell.display_pub.update_display_data_callback = self._display("update_display_data")
        self.shell.display_pub.clear_output_callback = lambda wait: self.send("clear_output", wait=bool(wait))
        self.shell.displayhook.publish_execution_result = self._result
        self.shell.send_comm = self._comm
        self.shell.input = _no_input
        self.shell.getpass = _no_input

    def send(self, kind, buffers=None, **content):
        """Send one message to the page, after what was printed before it."""
        self._flush()
        self.post(kind, json.dumps(content, default=_plain), buffers)

    def _write(self, name, text):
        """Gather what is printed into lines: a message for each piece would be slow."""
        if self.written[0] != name:
            self._flush()
        self.written = (name, self.written[1] + text)
        if "\n" in text:
            self._flush()

    def _flush(self):
        (name, text), self.written = self.written, ("", "")
        if text:
            self.post("stream", json.dumps({"name": name, "text": text}), None)

    async def execute(self, code, parent):
        """Run a cell; return its reply as JSON."""
        self.kernel._parent_header = json.loads(parent)
        try:
            reply = await self.kernel.run(code)
        except SyntaxError:  # lines that cannot even be cut into words, such as unevenly indented ones
            reply = self._misread(code)
        if reply["status"] == "error":
            error = {key: reply[key] for key in ("ename", "evalue", "traceback")}
            self.send("execute_error", **error)
        self._flush()
        reply.pop("payload", None)
        return json.dumps(reply, default=_plain)

    def _misread(self, code):
        """Let the interpreter say what is wrong with a cell that it cannot read, as with any other error."""
        self.shell._last_traceback = None
        self.shell.run_cell(code, store_history=True)
        told = self.shell._last_traceback or {"ename": "SyntaxError", "evalue": "", "traceback": []}
        return {"status": "error", **{key: told[key] for key in ("ename", "evalue", "traceback")}}

    def ask(self, what, request):
        """Answer a completion, an inspection, a question whether code is complete, or about comms."""
        request = json.loads(request)
        if what == "complete":
            reply = self.kernel.complete(request["code"], request["cursor_pos"])
        elif what == "inspect":
            reply = self.kernel.inspect(request["code"], request["cursor_pos"], request["detail_level"])
        elif what == "is_complete":
            reply = self.kernel.is_complete(request["code"])
        else:
            reply = {"status": "ok", "comms": self.kernel.comm_info(request.get("target_name") or "")}
        return json.dumps(reply, default=_plain)

    def comm(self, kind, message, buffers):
        """Hand a widget's message to its comm."""
        message = json.loads(message)
        message["buffers"] = [memoryview(buffer.to_bytes()) for buffer in buffers]
        self.kernel._parent_header = message
        getattr(self.kernel.comm_manager, kind)(None, None, message)

    def remember(self, text):
        """Put back the answers for the City Playbook that earlier notebooks noted."""
        from playbook.exercises.check import RECORD

        self.noted = text
        Path(RECORD).write_text(text, encoding="utf-8")

    def news(self):
        """The answers noted for the City Playbook, if a cell has changed them; else an empty text."""
        check = sys.modules.get("playbook.exercises.check")
        if check is None or not Path(check.RECORD).is_file():
            return ""
        text = Path(check.RECORD).read_text(encoding="utf-8")
        if text == self.noted:
            return ""
        self.noted = text
        return text

    def document(self):
        """The City Playbook as HTML, from all answers noted so far; an empty text while there are none."""
        from playbook.errors import PlaybookError
        from playbook.exercises.check import Checker

        try:
            path = Path(Checker("").document())
        except PlaybookError:
            return ""
        return path.read_text(encoding="utf-8")

    def _display(self, kind):
        from pyodide_kernel.jsonutil import encode_images

        def publish(data, metadata, transient):
            data = encode_images(data)
            self.send(kind, data=data, metadata=metadata or {}, transient=transient or {})

        return publish

    def _result(self, count, data, metadata):
        self.send("execute_result", execution_count=count, data=data, metadata=metadata or {})

    def _comm(self, kind, content, metadata, ident, buffers):
        self.send(kind, buffers=buffers, content=content, metadata=metadata or {})


def _stand_in_for_terminals():
    """IPython imports its terminal at start, half a second of modules that a page has no use for."""
    package = types.ModuleType("IPython.terminal")
    package.__path__ = []
    embed = types.ModuleType("IPython.terminal.embed")
    embed.embed = lambda *arguments, **options: None
    hooks = types.ModuleType("IPython.terminal.pt_inputhooks")
    hooks.backends, hooks.aliases = [], {}
    package.embed, package.pt_inputhooks = embed, hooks
    for module in (package, embed, hooks):
        sys.modules[module.__name__] = module


@contextmanager
def _without_database():
    """IPython imports sqlite3 for a history on disk, which is off here; so 0.6 MB need not travel."""
    database = types.ModuleType("sqlite3")
    for name in ("DatabaseError", "OperationalError", "IntegrityError"):
        setattr(database, name, type(name, (Exception,), {}))
    database.Connection = type("Connection", (), {})
    sys.modules["sqlite3"] = database
    yield
    del sys.modules["sqlite3"]


def _no_input(*_asked):
    from playbook.words import _

    raise RuntimeError(
        _("A notebook in the browser cannot ask for input. Write the value into the cell instead.")
    )


def _plain(value):
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode("ascii")
    if hasattr(value, "tolist"):
        return value.tolist()  # numpy's numbers and arrays
    return str(value)
