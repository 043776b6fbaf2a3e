"""The playground: programs of the pages can be changed and explored in the reader's browser.

What that needs, Python for browsers and this tool, stands among the site's files in a folder that
is named by what is in it, so that a browser keeps it. A page asks for it once a reader presses
"Try it".
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from html import escape
from importlib.metadata import PackagePath, distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError

from anyorder.checking import REFUSALS, Program
from anyorder.checking.program import SCRIPT, files_of
from anyorder.sphinx.checks import followed_in
from anyorder.sphinx.exercise import DEMAND
from anyorder.sphinx.playing import raw

__all__ = ["place_of", "setup"]

TOOL = Path(__file__).parents[1]
STATIC = TOOL / "playground" / "static"
# what a page has of its own where there is a board on it
OF_PAGES = (TOOL / "sphinx/static/board.js", TOOL / "sphinx/static/play.css")
# of the tool, what a browser has no use for
LEFT_OUT = {"cli", "pytest.py", "sphinx"}
# what the tool imports when it explores
BESIDE = ("packaging", "platformdirs", "tomlkit")
# of that, what describes packages and where they can be installed, which it does not
UNASKED = (
    "packaging/_elffile.py", "packaging/_manylinux.py", "packaging/_musllinux.py",
    "packaging/_parser.py", "packaging/_tokenizer.py", "packaging/dependency_groups.py",
    "packaging/direct_url.py", "packaging/licenses", "packaging/markers.py",
    "packaging/metadata.py", "packaging/pylock.py", "packaging/requirements.py",
    "packaging/tags.py", "packaging/utils.py",
)  # fmt: skip
# of Python for browsers; the first is compressed here, since simple hosts do not
COMPRESSED = "pyodide.asm.wasm"
AS_IT_IS = ("pyodide.asm.mjs", "pyodide.mjs", "python_stdlib.zip")
TOOL_ZIP = "anyorder.zip"
NOTICES = "notices.txt"
# the licences of Python for browsers, whose package has none of their texts
LICENCES = TOOL / "playground" / "licences"
PYODIDE = """\
What is in this folder, and under which licences: their texts are below

Pyodide {version}: {license} (https://mozilla.org/MPL/2.0/)
Its source is at {homepage}, under the tag {version}. It has CPython in it, which is under the
licence of the Python Software Foundation, copyright Python Software Foundation; what that has in it
of others is named at https://docs.python.org/3/license.html. It has libraries in it, too."""

# in the environment: the name of the folder, or nothing
FOLDER = "anyorder_playground"
# of a page: the class of the place in which a button is
PLACE = "anyorder-try"
# what a page's template is told
EXPLORES = "anyorder_explores"


def setup(app: Sphinx) -> None:
    """Add the setting, and write what it asks for."""
    app.add_config_value(
        "anyorder_pyodide",
        "",
        "",
        str,
        "The folder of npm's package pyodide: with it, programs can be tried on their pages.",
    )
    app.connect("config-inited", _look_at_setting)
    app.connect("env-get-outdated", _name_folder)
    app.connect("html-page-context", _tell_template)
    app.connect("build-finished", _write)


def place_of(env: BuildEnvironment, path: Path, block: nodes.Element) -> list[nodes.Node]:
    """Return the place of the button over a program, where it can be changed and explored.

    That is a whole script, of one file, of which its outcome file does not say otherwise.

    Args:
        env: the environment, which knows whether there are such buttons
        path: the program
        block: what the page shows of it, and what it is asked to do
    """
    folder = getattr(env, FOLDER)
    if not folder or path.suffix != SCRIPT:
        return []
    try:
        program = Program.read(path, followed_in(env.config))
    except REFUSALS:
        return []
    whole = block.astext().rstrip() == path.read_text(encoding="utf-8").rstrip()
    if not whole or program.file.unexplored is not None or len(files_of(path, program.follow)) > 1:
        return []
    demand = f' data-demand="{escape(block[DEMAND])}"' if DEMAND in block else ""
    place = raw(f'<span data-folder="{folder}"{demand}></span>')
    place["classes"] = [PLACE]
    return [place]


def _look_at_setting(app: Sphinx, config: Config) -> None:
    """Refuse a folder that is not that of the package.

    Raises:
        ConfigError: it is not
    """
    folder = config.anyorder_pyodide
    if folder and not (_pyodide(app) / COMPRESSED).is_file():
        raise ConfigError(
            f"anyorder_pyodide names {folder!r}, where npm's package pyodide is not: "
            "have npm install it, and name node_modules/pyodide"
        )


def _pyodide(app: Sphinx) -> Path:
    """Return the folder that is named, which may be by its path from the configuration."""
    return Path(app.confdir, app.config.anyorder_pyodide)


def _name_folder(app: Sphinx, env: BuildEnvironment, *_: object) -> set[str]:
    """Name the folder; return all pages, to be read again, where that is another name.

    A builder that writes no HTML leaves the name that it has: the places of buttons are none of its
    concern, and the next that does so would read all pages again.
    """
    before, now = getattr(env, FOLDER, ""), ""
    if app.builder.format != "html":
        now = before
    elif app.config.anyorder_pyodide:
        digest = hashlib.sha256()
        for name, content in _small_files(_pyodide(app)):
            digest.update(b"\0".join([name.encode(), content]))
        now = f"anyorder-{digest.hexdigest()[:8]}"
    setattr(env, FOLDER, now)
    return set(env.found_docs) if now != before else set()


def _tell_template(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell a page's template whether its policy has to allow Python in a worker."""
    context[EXPLORES] = bool(getattr(app.env, FOLDER)) and any(
        PLACE in node["classes"] for node in (doctree.findall(nodes.raw) if doctree else ())
    )


def _write(app: Sphinx, failure: Exception | None) -> None:
    """Write the folder, unless it is there, and remove those of other builds."""
    if failure is not None or app.builder.format != "html":
        return
    name = getattr(app.env, FOLDER)
    static = app.outdir / "_static"
    for old in static.glob("anyorder-*/"):
        if name and old.name != name:
            shutil.rmtree(old)
    if not name or (static / name).exists():
        return
    pyodide = _pyodide(app)
    with TemporaryDirectory(dir=static) as draft:
        folder = Path(draft, name)
        folder.mkdir()
        for file, content in _small_files(pyodide):
            (folder / file).write_bytes(content)
        for file in AS_IT_IS:
            shutil.copy(pyodide / file, folder)
        smaller = gzip.compress((pyodide / COMPRESSED).read_bytes(), mtime=0)
        (folder / f"{COMPRESSED}.packed").write_bytes(smaller)
        asked = (TOOL_ZIP, f"{COMPRESSED}.packed", "python_stdlib.zip")
        total = sum((folder / file).stat().st_size for file in asked)
        # no package of those that Pyodide could load is here
        lock = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8")) | {"packages": {}}
        python = f"CPython {lock['info']['python']} in your browser: what you write stays with you"
        said = {"TOTAL": total, "LOCK": lock, "WHERE": python}
        lines = [f"export const {name} = {json.dumps(value)};\n" for name, value in said.items()]
        (folder / "files.js").write_text("".join(lines), "utf-8")
        folder.rename(static / name)


def _small_files(pyodide: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what the folder has of this tool, which with the version of Python says what is in it.

    Args:
        pyodide: where Python for browsers is
    """
    for path in (*sorted(STATIC.iterdir()), *OF_PAGES):
        yield path.name, path.read_bytes()
    with TemporaryDirectory() as folder:
        path = Path(folder, TOOL_ZIP)
        _zip(path)
        yield path.name, path.read_bytes()
    yield NOTICES, _notices(json.loads((pyodide / "package.json").read_text("utf-8"))).encode()


def _zip(path: Path) -> None:
    """Write the tool, and what it imports, into a zip file that is the same each time.

    It is no wheel: to build one takes the tree of sources, which is not there where the tool is
    installed; and there would be a wheel for each package, where a browser asks for one file.
    """
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, source in _modules():
            file.writestr(ZipInfo(name), source.read_bytes(), ZIP_DEFLATED)


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(TOOL.rglob("*.py")):
        below = path.relative_to(TOOL)
        if below.parts[0] not in LEFT_OUT:
            yield f"anyorder/{below.as_posix()}", path
    for package in BESIDE:
        for file in _files_of(package):
            if file.suffix == ".py" and not any(map(file.is_relative_to, UNASKED)):
                yield file.as_posix(), Path(str(file.locate()))


def _files_of(package: str) -> list[PackagePath]:
    return sorted(distribution(package).files or [])


def _notices(pyodide: dict[str, str]) -> str:
    """Return what of the folder is whose, and under which licence."""
    parts = [
        PYODIDE.format(**pyodide),
        f"anyorder: {distribution('anyorder').metadata['License-Expression']}",
        *(path.read_text("utf-8") for path in sorted(LICENCES.iterdir())),
    ]
    for package in BESIDE:
        licences = [file for file in _files_of(package) if "LICEN" in file.name.upper()]
        texts = [Path(str(each.locate())).read_text("utf-8") for each in licences]
        parts += [f"{package} {distribution(package).version}:", *texts]
    return "\n\n".join(parts)
