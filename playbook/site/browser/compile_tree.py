"""Compile every module below a folder in place, for the Python that runs this file.

Run by a Python of the same minor version as the one in the browser, or by that Python itself
(inside Node); so this file imports nothing of ours. ``module.py`` becomes ``module.pyc`` in its
place, or, with ``--cached``, ``__pycache__/module.cpython-312.pyc`` for a source that is kept.

    python compile_tree.py FOLDER INSTALLED_AT [--cached] [TOP ...]

Docstrings stay in the top-level packages that are named, and go in all others.
"""

import importlib._bootstrap_external as bootstrap
import os
import sys


def compile_tree(folder, installed_at, documented, cached=False):
    """Compile the modules below `folder`, which will stand at `installed_at`; return how many."""
    count = 0
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            if not name.endswith(".py"):
                continue
            path = os.path.join(place, name)
            inside = os.path.relpath(path, folder).replace(os.sep, "/")
            with open(path, "rb") as stream:
                source = stream.read()
            top = inside.split("/")[0].removesuffix(".py")
            try:
                code = compile(
                    source,
                    f"{installed_at}/{inside}",
                    "exec",
                    dont_inherit=True,
                    optimize=0 if top in documented else 2,
                )
            except SyntaxError:
                continue  # a template or a module for another Python: it stays as it is
            os.remove(path)
            if cached:
                # Never checked against its source: a file from an archive has no lasting date.
                data = bootstrap._code_to_hash_pyc(code, bytes(8), checked=False)
                os.makedirs(os.path.join(place, "__pycache__"), exist_ok=True)
                path = os.path.join(
                    place, "__pycache__", name[:-3] + "." + sys.implementation.cache_tag + ".py"
                )
            else:
                data = bootstrap._code_to_timestamp_pyc(code)
            with open(path + "c", "wb") as stream:
                stream.write(data)
            count += 1
    return count


if __name__ == "__main__":
    options = set(sys.argv[3:])
    print(compile_tree(sys.argv[1], sys.argv[2], options - {"--cached"}, "--cached" in options))
