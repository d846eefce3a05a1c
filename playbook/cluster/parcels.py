"""Parcels: files as bytes with a digest, so that a machine that has one never asks for it again."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

#: Every file's time in a parcel: the same files give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def digest_of(data: bytes) -> str:
    """What tells a parcel from every other."""
    return hashlib.sha256(data).hexdigest()


def pack(folders: Mapping[str, Path], only: str = "*") -> bytes:
    """The files right in some folders as one parcel; the same files give the same bytes.

    Args:
        folders: each one's path in the parcel, and where it stands.
        only: pattern of the files' names.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, folder in sorted(folders.items()):
            for path in sorted(folder.glob(only)):
                if path.is_file():
                    place = "/".join(filter(None, (name, path.name)))
                    parcel.writestr(zipfile.ZipInfo(place, _TIME), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def folders_in(data: bytes) -> list[str]:
    """The folders in a parcel, by their paths in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as parcel:
        return sorted({name.rpartition("/")[0] for name in parcel.namelist()})


def unpack(data: bytes, home: Path, folder: str = "") -> None:
    """Put a parcel's files into a folder of their own, in one step; one that is there stays.

    Safe to call from several processes at once, and to be killed in.

    Args:
        folder: take this folder of the parcel alone.
    """
    if home.is_dir():
        return
    home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = Path(tempfile.mkdtemp(dir=home.parent, prefix=".making-"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parcel:
            parcel.extractall(
                making, [one for one in parcel.namelist() if not folder or one.rpartition("/")[0] == folder]
            )
        try:
            os.rename(making / folder, home)
        except OSError:  # another process was faster
            if not home.is_dir():
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
