"""Pack what the browser loads: few archives, without what nobody uses, compiled beforehand.

A notebook's first answer waits for Python, its packages and their compilation. So the wheels are
opened once at build time, tests, headers and sample files are left out, the modules are compiled
for the Python in the browser, and what belongs together travels in one archive:

``python``   the standard library, a zip that Python reads in place
``base``     pandas, numpy, the notebook kernel, widgets: unpacked before the first cell
``kit``      the course's own package
``case-…``   each case's sealed answers and small tables, and each of its large tables, when first read
``figures``  matplotlib: fetched beside them, unpacked at the first ``import matplotlib``
``science``, ``zones``   scipy, time zones: fetched when first imported

The others are tar archives. All are gzipped, under a name that no server takes for a compressed page.
"""

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from playbook.site.browser.pyodide import Lock

HERE = Path(__file__).parent
SITE_PACKAGES = "lib/python3.12/site-packages"
#: pandas asks for UTC when it is imported; all other time zones come with ``zones``, when they are asked for.
TIME_ZONES = "usr/share/zoneinfo"
UTC = b"TZif2" + bytes(34) + b"\1\0\0\0\4" + bytes(6) + b"UTC\0"
UTC += UTC + b"\nUTC0\n"
STDLIB = "python_stdlib.zip"
#: Tables of a case up to so many bytes travel together.
SMALL_TABLE = 12_000
#: What archives are made by; they are made anew when one of these changes.
MADE_BY = ("archives.py", "compile_tree.py")


@dataclass(frozen=True)
class Archive:
    """One archive: its wheels, the modules it brings, the archives and C libraries they stand on."""

    name: str
    wheels: tuple[str, ...]
    modules: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


ARCHIVES = (
    Archive(
        "base",
        tuple(
            [
                "numpy",
                "pandas",
                "python_dateutil",
                "six",
                "comm",
                "ipywidgets",
                "ipykernel",
                "pyodide_kernel",
                "ipython",
                "asttokens",
                "decorator",
                "executing",
                "matplotlib_inline",
                "pure_eval",
                "pygments",
                "stack_data",
                "traitlets",
            ]
        ),
    ),
    Archive(
        "figures",
        ("matplotlib", "contourpy", "cycler", "kiwisolver", "pillow", "pyparsing", "packaging"),
        tuple(
            [
                "matplotlib",
                "mpl_toolkits",
                "pylab",
                "contourpy",
                "cycler",
                "kiwisolver",
                "PIL",
                "pyparsing",
                "packaging",
            ]
        ),
    ),
    Archive("science", ("scipy", "openblas"), ("scipy",), libraries=("libopenblas.so",)),
    Archive("zones", ("tzdata",), ("tzdata",)),
)

#: Packages whose docstrings a trainee may ask for.
DOCUMENTED = ("pandas", "numpy", "ipywidgets", "scipy")

#: What the browser never reads.
UNUSED = re.compile(
    r"(^|/)(tests|testing/plugin|sphinxext|include|examples)/"
    r"|\.(pyi|pxd|pyx|h|c|a|typed|map)$"
    r"|\.dist-info/(RECORD|WHEEL|INSTALLER|entry_points\.txt|top_level\.txt)$"
    r"|^numpy/(distutils|core/lib)/|^numpy/_core/lib/"
    r"|^IPython/(terminal/|extensions/autoreload)"
    r"|^matplotlib/(mpl-data/(sample_data|fonts/(afm|pdfcorefonts)|images|plot_directive)|sphinxext)/"
    r"|^matplotlib/mpl-data/fonts/ttf/(STIX|Humor|DejaVuSerif|DejaVuSans-BoldOblique|DejaVuSansMono-(Bold|Oblique))"
    r"|^matplotlib/backends/(web_backend/|(_?backend_(qt|gtk|wx|tk|web|nbagg|macosx|cairo)|qt_|_tkagg))"
    r"|^PIL/(_webp|_imagingtk|_imagingcms|_imagingmorph)\."
    r"|^scipy/(misc|datasets)/"
)
#: Of the lexers, styles and formatters that colour code, those for Python and its tracebacks.
PYGMENTS = re.compile(
    r"^pygments/(lexers|styles|formatters)/"
    r"(?!(__init__|_mapping|python|special|default|monokai|linux|html|terminal|terminal256|other)\.py$)"
)

#: Of the standard library: mail, servers, and what stands in where C modules are missing.
STANDARD = re.compile(
    r"^(_pydatetime|_pydecimal|_pyio|antigravity|cgi|cgitb|chunk|ftplib|imaplib|mailbox|mailcap|nntplib|pickletools"
    r"|poplib|smtplib|sndhdr|telnetlib|this|turtle|uu|xdrlib)\.py$"
    r"|^(ensurepip|idlelib|lib2to3|pydoc_data|tkinter|turtledemo|venv|wsgiref|xmlrpc)/"
    r"|^http/(cookiejar|server)\.py$|^unittest/mock\.py$"
)

#: Numpy's Fortran reader, which scipy alone imports.
FORTRAN = re.compile(r"^numpy/f2py/")


def wheel_of(name: str, files: Iterable[str]) -> str:
    """The file of a package among the lock's files."""
    return next(file for file in files if re.split(r"-\d", file, maxsplit=1)[0].lower() == name.lower())


def pack(lock: Lock, files: dict[str, Path], into: Path) -> dict:
    """Pack the archives of the lock into a folder, side by side, once per lock and compiler.

    Returns:
        the manifest: what the worker loads, and which archive brings which module.
    """
    compiler = find_compiler(files)
    made_by = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in MADE_BY)).hexdigest()[:8]
    label = f"{lock.digest}-{made_by}-{'compiled' if compiler else 'plain'}"
    manifest_path = into / f"manifest-{label}.json"
    if manifest_path.is_file():
        return json.loads(manifest_path.read_text(encoding="utf-8"))
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        python = pool.submit(_pack_python, files, compiler, Path(folder), into)
        largest = sorted(ARCHIVES, key=lambda archive: _size(archive, files), reverse=True)
        work = {
            archive.name: pool.submit(_pack_one, archive, files, compiler, Path(folder), into)
            for archive in largest
        }
        manifest = {
            "archives": {archive.name: work[archive.name].result() for archive in ARCHIVES},
            "modules": {module: archive.name for archive in ARCHIVES for module in archive.modules},
            "compiled": bool(compiler),
            "python": python.result()["file"],
        }
    manifest_path.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def _pack_python(files: dict[str, Path], compiler: list[str] | None, folder: Path, into: Path) -> dict:
    tree = folder / "python"
    _extract(files[STDLIB], tree)
    _compile(compiler, tree, "/lib/python312.zip", ())
    return _store(gzip.compress(_zip(tree), 9, mtime=0), into, "python", "pack")


def _pack_one(
    archive: Archive, files: dict[str, Path], compiler: list[str] | None, folder: Path, into: Path
) -> dict:
    root = folder / archive.name
    tree = root / SITE_PACKAGES
    for wheel in archive.wheels:
        path = files[wheel_of(wheel, files)]
        _extract(path, root / "usr/lib" if path.suffix == ".zip" else tree)
    if archive.name == "base":
        shutil.rmtree(tree / "numpy/f2py")
        (root / TIME_ZONES).mkdir(parents=True)
        (root / TIME_ZONES / "UTC").write_bytes(UTC)
    if archive.name == "science":
        _extract(files[wheel_of("numpy", files)], tree, only=FORTRAN)
    _compile(compiler, tree, f"/{SITE_PACKAGES}", DOCUMENTED)
    links = {"needs": list(archive.needs), "libraries": list(archive.libraries)}
    return _store(_tar(root), into, archive.name, "pack") | links


def _size(archive: Archive, files: dict[str, Path]) -> int:
    return sum(files[wheel_of(wheel, files)].stat().st_size for wheel in archive.wheels)


def pack_kit(wheel: Path, files: dict[str, Path], into: Path) -> dict:
    """Pack the course's own wheel: its sources stay readable, beside what was compiled from them.

    The Python side of the kernel travels with it: both change with the course. Each case's seals and small tables
    are an archive of their own, since a trainee works on one; so is each large table, since a chapter reads few.

    Returns:
        archive → its entry in the manifest.
    """
    compiler = find_compiler(files)
    with tempfile.TemporaryDirectory() as folder:
        root, compiled = Path(folder) / "kit", Path(folder) / "compiled"
        tree = root / SITE_PACKAGES
        _extract(wheel, tree)
        shutil.copy(HERE / "browser_kernel.py", tree)
        if compiler:
            shutil.copytree(tree, compiled, ignore=shutil.ignore_patterns("_data", "fonts"))
            _compile(compiler, compiled, f"/{SITE_PACKAGES}", ("playbook",), cached=True)
            shutil.copytree(compiled, tree, dirs_exist_ok=True)
        alone: dict = {"needs": [], "libraries": []}
        found = {}
        for case in sorted((tree / "playbook/_data/cases").iterdir()):
            for name, paths in _parts_of_case(case.name, tree / "playbook/_data").items():
                own = Path(folder) / name
                for path in paths:
                    target = own / SITE_PACKAGES / path.relative_to(tree)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    path.rename(target)
                found[name] = _store(_tar(own), into, name, "pack") | alone
        return found | {"kit": _store(_tar(root), into, "kit", "pack") | alone}


def _parts_of_case(name: str, data: Path) -> dict[str, list[Path]]:
    """A case's files by the archive they travel in; its case.json stays, so that every case can be found by its city."""
    parts = {f"case-{name}": sorted(data.glob(f"seals/*/{name}.json"))}
    for path in sorted(data.glob(f"cases/{name}/*.csv")):
        large = path.stat().st_size > SMALL_TABLE
        parts.setdefault(f"case-{name}-{path.stem}" if large else f"case-{name}", []).append(path)
    return parts


def find_compiler(files: dict[str, Path]) -> list[str] | None:
    """A command that compiles for Python 3.12: that Python, or Node with the one of the browser.

    None where there is neither; modules are then compiled in the browser, at each start.
    """
    script = str(HERE / "compile_tree.py")
    if sys.version_info[:2] == (3, 12):
        return [sys.executable, script]
    if (python := shutil.which("python3.12")) and _answers([python, "-c", "import sys"]):
        return [python, script]
    if node := shutil.which("node") or _driver_node():
        folder = str(files["pyodide.js"].parent)
        return [node, str(HERE / "compile_in_node.cjs"), folder, script]
    return None


def _driver_node() -> str | None:
    """The Node that Playwright carries, where the tests are installed."""
    try:
        from playwright._impl._driver import compute_driver_executable
    except ImportError:
        return None
    return str(compute_driver_executable()[0])


def _answers(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def _extract(wheel: Path, tree: Path, only: re.Pattern | None = None) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith("/") or PYGMENTS.search(name) or (only and not only.search(name)):
                continue
            if UNUSED.search(name) or (wheel.name == STDLIB and STANDARD.search(name)):
                continue
            archive.extract(name, tree)
            if name.endswith(".dist-info/METADATA"):
                path = tree / name
                path.write_bytes(path.read_bytes().split(b"\n\n", 1)[0] + b"\n\n")


def _compile(
    compiler: list[str] | None, tree: Path, installed_at: str, documented: Iterable[str], cached: bool = False
) -> None:
    if compiler:
        options = ["--cached"] if cached else []
        subprocess.run(
            [*compiler, str(tree), installed_at, *options, *documented], check=True, capture_output=True
        )


def _members(root: Path) -> list[tuple[str, Path]]:
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return [(path.relative_to(root).as_posix(), path) for path in paths]


def _zip(root: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, path in _members(root):
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, path.read_bytes())  # compressed as a whole, which is smaller
    return buffer.getvalue()


def _tar(root: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, path in _members(root):
            info = tarfile.TarInfo(name)
            info.size, info.mode = path.stat().st_size, 0o644
            with open(path, "rb") as stream:
                archive.addfile(info, stream)
    return gzip.compress(buffer.getvalue(), 9, mtime=0)


def _store(data: bytes, into: Path, name: str, ending: str) -> dict:
    """Keep an archive under a name that its content gives, so that browsers may cache it for ever."""
    file = f"{name}-{hashlib.sha256(data).hexdigest()[:10]}.{ending}"
    into.mkdir(parents=True, exist_ok=True)
    (into / file).write_bytes(data)
    return {"file": file, "size": len(data)}
