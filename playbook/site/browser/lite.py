"""Build the notebook application with JupyterLite, and put the course's own page in front of it."""

import hashlib
import html
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import jinja2

from playbook.authoring.release import HAND_IN
from playbook.errors import PlaybookError
from playbook.site.words import script
from playbook.words import _, language_tag

HERE = Path(__file__).parent
EXTENSION = "playbook-browser"
#: Scripts that the book's pages use too.
SHARED = ("standing.js", "asked.js", "hand-in-file.js", "hand-in.js")
BUILD_WITHIN = 300

#: Parts of JupyterLab that an exercise has no use for; each costs time at every opening.
UNUSED_PLUGINS = [
    "@jupyter-notebook/application-extension:pages",
    "@jupyter-notebook/application-extension:splash",
    "@jupyter-notebook/application-extension:zen",
    "@jupyter-notebook/console-extension",
    "@jupyter-notebook/notebook-extension:checkpoints",
    "@jupyter-notebook/notebook-extension:edit-notebook-metadata",
    "@jupyter-notebook/notebook-extension:kernel-logo",
    "@jupyter-notebook/notebook-extension:open-tree-tab",
    "@jupyter-notebook/notebook-extension:trusted",
    "@jupyterlab/apputils-extension:kernels-settings",
    "@jupyterlab/apputils-extension:licenses-plugin",
    "@jupyterlab/apputils-extension:subshell-settings",
    "@jupyterlab/celltags-extension",
    "@jupyterlab/console-extension",
    "@jupyterlab/filebrowser-extension:open-url",
    "@jupyterlab/fileeditor-extension",
    "@jupyterlab/help-extension",
    "@jupyterlab/logconsole-extension",
    "@jupyterlab/mermaid-extension",
    "@jupyterlab/metadataform-extension",
    "@jupyterlab/notebook-extension:cell-executor",  # ours waits for Python
    "@jupyterlab/notebook-extension:code-console",
    "@jupyterlab/notebook-extension:export",
    "@jupyterlab/notebook-extension:update-raw-mimetype",
    "@jupyterlab/tooltip-extension:consoles",
    "@jupyterlab/tooltip-extension:files",
    "@jupyterlab/vega5-extension",
    "@jupyterlite/application-extension:about",
    "@jupyterlite/application-extension:logo",
    "@jupyterlite/application-extension:plugin-manager",
    "@jupyterlite/application-extension:service-worker-manager",
    "@jupyterlite/application-extension:share-file",
    "@jupyterlite/notebook-application-extension:logo",
]

_BUTTONS = ["course", "run-all", "check", "hand-in", "document", "download", "stop"]
_HIDDEN_BUTTONS = ["restart", "restart-and-run", "interrupt", "kernelName", "cut", "copy", "paste"]
OVERRIDES = {
    "@jupyterlab/notebook-extension:panel": {
        "toolbar": [
            *(
                {"name": name, "command": f"playbook:{name}", "rank": place}
                for place, name in enumerate(_BUTTONS)
            ),
            *({"name": name, "disabled": True} for name in _HIDDEN_BUTTONS),
        ]
    },
    "@jupyter-notebook/application-extension:top": {"visible": "no"},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    # A trainee's sentence is one long line of code.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none", "codeCellConfig": {"lineWrap": True}},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
}


@dataclass(frozen=True)
class Exercise:
    """One exercise as the browser opens it: its released notebook under a name that tells versions apart."""

    slug: str
    title: str
    notebook: dict
    points: float
    questions: tuple[tuple[str, str, bool, str], ...]

    @property
    def file(self) -> str:
        """The notebook's file; another content has another name, so that saved work is never hidden."""
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in self.notebook["cells"]]
        digest = hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:8]
        return f"{self.slug}~{digest}.ipynb"

    @property
    def source(self) -> str:
        """The code of all cells."""
        return "\n".join(
            "".join(cell["source"]) for cell in self.notebook["cells"] if cell["cell_type"] == "code"
        )


def read_exercises(release: Path) -> list[Exercise]:
    """The notebooks of a release, ready for the kernel in the browser, without outputs."""
    record = json.loads((release / "release.json").read_text(encoding="utf-8"))
    described = {entry["exercise"]: entry for entry in record["exercises"]}
    exercises = []
    for path in sorted((release / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["metadata"]["kernelspec"] = {
            "display_name": "Python",
            "language": "python",
            "name": "python",
        }
        # A button does here what the last cell does elsewhere.
        notebook["cells"] = [cell for cell in notebook["cells"] if cell.get("id") != HAND_IN]
        entry = described.get(path.stem, {})
        questions = tuple(
            (one["id"], one["title"], one["stretch"], one["answer"]) for one in entry.get("questions", ())
        )
        title, points = entry.get("title", path.stem), float(entry.get("points", 0))
        exercises.append(Exercise(path.stem, title, notebook, points, questions))
    return exercises


def build_application(out: Path, exercises: list[Exercise], widgets: Path) -> str:
    """Run ``jupyter lite build`` for the notebook application alone, into `out`.

    Args:
        out: the folder; what is there is replaced.
        exercises: whose notebooks to offer.
        widgets: the wheel that carries the widgets' extension.

    Returns:
        Where the scripts of our own extension stand, relative to `out`.

    Raises:
        PlaybookError: JupyterLite is missing, or the build fails.
    """
    with tempfile.TemporaryDirectory(prefix="playbook-lite-") as folder:
        stage = Path(folder)
        (stage / "contents").mkdir()
        for exercise in exercises:
            path = stage / "contents" / exercise.file
            path.write_text(json.dumps(exercise.notebook, ensure_ascii=False, indent=1), encoding="utf-8")
        extension, static = _stage_extension(stage)
        config = {
            "contents": ["contents"],
            "output_dir": "built",
            "apps": ["notebooks"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(widgets), str(extension)],
        }
        _write(stage / "jupyter_lite_config.json", {"LiteBuildConfig": config})
        _write(stage / "overrides.json", OVERRIDES)
        data = {"appName": _("Opening a City"), "disabledExtensions": UNUSED_PLUGINS}
        _write(stage / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": data})
        command = [sys.executable, "-m", "jupyterlite_core", "build"]
        try:
            done = subprocess.run(command, cwd=stage, capture_output=True, text=True, timeout=BUILD_WITHIN)
        except subprocess.TimeoutExpired as error:
            raise PlaybookError(
                f"JupyterLite took longer than {BUILD_WITHIN} s",
                remedy="build again when the machine is free",
            ) from error
        if done.returncode:
            complaint = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
            raise PlaybookError(
                f"JupyterLite could not be built:\n{complaint}", remedy="pip install -r requirements.txt"
            )
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(
            stage / "built", out, ignore=shutil.ignore_patterns("*.map", "doc", "service-worker.js")
        )
        return static


def _stage_extension(stage: Path) -> tuple[Path, str]:
    """Our extension, its scripts in a folder named by their content: a browser never mixes two versions."""
    extension = stage / EXTENSION
    shutil.copytree(HERE / "extension", extension)
    scripts = sorted((extension / "static").iterdir())
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in scripts)).hexdigest()[:8]
    static = f"static-{digest}"
    (extension / "static").rename(extension / static)
    description = extension / "package.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace("static/", f"{static}/"), encoding="utf-8")
    return extension, f"extensions/{EXTENSION}/{static}"


def write_page(out: Path, site: dict) -> None:
    """Put our page in front of the application: configuration baked in, Python started at once."""
    config = json.loads((out / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    own = json.loads((out / "notebooks" / "jupyter-lite.json").read_text(encoding="utf-8"))
    config |= own["jupyter-config-data"]
    bundle = next((out / "build" / "notebooks").glob("bundle*.js"))
    core = next((out / "build").glob("jlab_core*.js"))
    parts = {
        "language": language_tag(),
        "say": script(),
        "bundle": f"../build/notebooks/{bundle.name}?{_digest(bundle)}",
        "preloads": f'<link rel="preload" href="../build/{core.name}" as="script" />',
        "config": _inline(config),
        "site": _inline(site),
        "shared": [(HERE.parent / name).read_text(encoding="utf-8") for name in SHARED],
        "style": (HERE.parent / "hand-in.css").read_text(encoding="utf-8"),
        "store": (HERE / "page" / "store.js").read_text(encoding="utf-8"),
        "boot": (HERE / "page" / "boot.js").read_text(encoding="utf-8"),
    }
    template = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True).from_string(
        (HERE / "page" / "exercise.html").read_text(encoding="utf-8")
    )
    (out / "notebooks" / "index.html").write_text(template.render(_=_, **parts), encoding="utf-8")
    title, link = html.escape(_("Exercises")), html.escape(_("To the course"))
    (out / "index.html").write_text(
        f'<!doctype html><html lang="{language_tag()}"><meta charset="utf-8"><title>{title}</title>'
        '<meta http-equiv="refresh" content="0; url=../index.html">'
        f'<p><a href="../index.html">{link}</a></p></html>\n',
        encoding="utf-8",
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def _inline(data: dict) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _write(path: Path, data: dict) -> None:
    path.write_text(json.dumps(data), encoding="utf-8")
