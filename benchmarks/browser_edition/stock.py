"""JupyterLite as its documentation builds it: the same notebook, kit and Pyodide files, nothing of ours."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from playbook.places import cache_folder
from playbook.site.browser import pyodide
from playbook.site.browser.pyodide import assemble, read_lock

#: What the stock kernel needs beyond our own lock.
MORE = Path(__file__).with_name("stock.lock.json")
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
#: Asked for by the kernel or the notebook at start, as its settings recommend; the rest loads on import.
AT_START = [
    "ssl",
    "sqlite3",
    "ipykernel",
    "comm",
    "pyodide-kernel",
    "jedi",
    "ipython",
    "micropip",
    "piplite",
    "pandas",
    "matplotlib",
    "ipywidgets",
    "reserve-manager-playbook",
]
DEPENDS = {
    "pandas": ["numpy", "python-dateutil", "tzdata"],
    "python-dateutil": ["six"],
    "ipython": [
        "asttokens",
        "decorator",
        "executing",
        "matplotlib-inline",
        "prompt-toolkit",
        "pure-eval",
        "pygments",
        "six",
        "stack-data",
        "traitlets",
        "sqlite3",
        "wcwidth",
    ],
    "matplotlib": [
        "contourpy",
        "cycler",
        "kiwisolver",
        "numpy",
        "packaging",
        "pillow",
        "pyparsing",
        "python-dateutil",
    ],
    "jedi": ["parso"],
    "ssl": ["openssl"],
    "micropip": ["packaging"],
    "piplite": ["micropip"],
    "pyodide-kernel": ["ipython", "comm", "ipykernel"],
    "ipywidgets": ["comm", "ipython"],
    "reserve-manager-playbook": ["pandas"],
    "scipy": ["numpy", "openblas"],
    "scikit-learn": ["scipy", "joblib", "threadpoolctl"],
}


def build_stock(out: Path, notebook: Path, kit: Path) -> None:
    """Build the site: one notebook in the notebook application, Pyodide beside it."""
    stage = out.with_name("stock-stage")
    shutil.rmtree(stage, ignore_errors=True)
    shutil.rmtree(out, ignore_errors=True)
    (stage / "contents").mkdir(parents=True)
    data = json.loads(notebook.read_text(encoding="utf-8"))
    data["metadata"]["kernelspec"] = {"display_name": "Python", "language": "python", "name": "python"}
    (stage / "contents" / "exercise.ipynb").write_text(json.dumps(data), encoding="utf-8")
    _lay_out_pyodide(stage / "static" / "pyodide", kit)
    files = assemble()
    widgets = next(path for name, path in files.items() if name.startswith("jupyterlab_widgets"))
    kernel = Path(sys.prefix) / "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"
    build = {
        "contents": ["contents"],
        "output_dir": str(out),
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "apps": ["notebooks"],
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(kernel), str(widgets)],
    }
    (stage / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": build}), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    subprocess.run(command, cwd=stage, check=True, capture_output=True)
    shutil.rmtree(stage)
    path = out / "jupyter-lite.json"
    lite = json.loads(path.read_text(encoding="utf-8"))
    plugins = lite["jupyter-config-data"]["litePluginSettings"]
    plugins["@jupyterlite/pyodide-kernel-extension:kernel"] |= {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": AT_START},
    }
    path.write_text(json.dumps(lite), encoding="utf-8")


def _lay_out_pyodide(folder: Path, kit: Path) -> None:
    folder.mkdir(parents=True)
    files = assemble() | assemble(read_lock(MORE), cache_folder("pyodide"))
    for name in CORE:
        shutil.copy(files[name], folder)
    packages = {}
    wheels = [path for name, path in files.items() if name.endswith((".whl", ".zip")) and name not in CORE]
    for path in [*wheels, kit]:
        if not path.name.startswith("jupyterlab_widgets"):
            shutil.copy(path, folder)
            entry = _entry(path)
            packages[entry["name"]] = entry
    info = json.loads((Path(pyodide.__file__).with_name("no-packages.json")).read_text(encoding="utf-8"))
    (folder / "pyodide-lock.json").write_text(json.dumps({**info, "packages": packages}), encoding="utf-8")


def _entry(path: Path) -> dict:
    name, version = re.match(r"(.+?)-(\d[^-]*?)(?:-|\.zip$)", path.name).groups()
    name = re.sub(r"[-_.]+", "-", name).lower()
    with zipfile.ZipFile(path) as archive:
        tops = {member.split("/")[0].removesuffix(".py") for member in archive.namelist()}
    library = path.suffix == ".zip"
    return {
        "name": name,
        "version": version,
        "file_name": path.name,
        "install_dir": "dynlib" if library else "site",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "package_type": "shared_library" if library else "package",
        "imports": [] if library else sorted(top for top in tops if re.fullmatch(r"\w+", top)),
        "depends": DEPENDS.get(name, []),
        "unvendored_tests": False,
    }
