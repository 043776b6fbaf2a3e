"""All programs of the pages in one archive, made with the site for its readers to download.

It is the same in every build of the same programs, and lies where the builds are.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "src" / "examples"
ARCHIVE = ROOT / "build" / "any-order-programs.zip"
FOLDER = "any-order-programs"
READ_ME = """\
The programs of Any Order, {address}

Each runs as it is, on Python 3.11 and later:

    python shared-state/two_windows.py

Which outcomes a program has, and why, is on the page that shows it.
"""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Make the archive before a page offers it."""
    app.connect("builder-inited", _write)
    return {"version": "1", "parallel_read_safe": True}


def archive(address: str) -> bytes:
    """Return the archive: the programs in their folders, their licence, and what they are.

    Args:
        address: where the site is
    """
    files = {path.relative_to(EXAMPLES).as_posix(): path.read_bytes() for path in programs()}
    files["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    files["README.txt"] = READ_ME.format(address=address).encode()
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archived:
        for name, data in sorted(files.items()):
            info = ZipInfo(f"{FOLDER}/{name}")  # of no date, so that it is the same each time
            info.external_attr = 0o644 << 16
            archived.writestr(info, data, ZIP_DEFLATED)
    return content.getvalue()


def programs() -> list[Path]:
    """Return the programs; what only measures them is none."""
    return sorted(path for path in EXAMPLES.rglob("*.py") if not path.name.startswith("_"))


def _write(app: Sphinx) -> None:
    """Write the archive, unless it is there."""
    content = archive(app.config.html_baseurl)
    if not ARCHIVE.exists() or ARCHIVE.read_bytes() != content:
        ARCHIVE.parent.mkdir(exist_ok=True)
        draft = ARCHIVE.with_suffix(f".{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(ARCHIVE)
