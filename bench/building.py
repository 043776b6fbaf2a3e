"""What a warm build of the site costs when one page has changed, over bare Sphinx.

Both build copies of the same pages: one by the command of ``nox -s site``, the other with Sphinx's
own extensions and theme, with myst-parser, and with directives of ours that do nothing. Run as a
script it prints the two medians and their ratio, and fails where the ratio is over its bound:
``python bench/building.py``.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = "two-ways/shared.md"
BUILDS = 5
BOUND = 1.5
BARE = """\
from docutils.parsers.rst import Directive, directives
extensions = ["myst_parser"]
extensions += [f"sphinx.ext.{name}" for name in ("autodoc", "doctest", "intersphinx", "napoleon")]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
intersphinx_mapping = {"python": ("https://docs.python.org/3/", "../conf/python.inv")}
html_theme = "basic"

class Options(dict):
    def __contains__(self, name):
        return True
    def __getitem__(self, name):
        return directives.unchanged

class Nothing(Directive):
    optional_arguments = 1
    final_argument_whitespace = has_content = True
    option_spec = Options()
    def run(self):
        return []

def setup(app):
    for name in "board fix measured outcomes predict transcript".split():
        app.add_directive(name, Nothing)
"""


def build(folder: Path, conf: str, *options: str) -> float:
    """Build the pages in ``folder``, and return how many seconds the processors worked on it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "--builder", "html", "--jobs", "auto", "--quiet"),
            *("--conf-dir", conf, "--doctree-dir", f"build/doctrees/{conf}"),
            *(*options, "docs", f"build/{conf}"),
        ],
        cwd=folder,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder: Path) -> tuple[float, float]:
    """Return the medians in seconds: of a build of the site, and of one by bare Sphinx."""
    for name in ("conf", "docs", "src/examples"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "bare").mkdir()
    (folder / "bare" / "conf.py").write_text(BARE, encoding="utf-8")
    once = "--define=anyorder_runs=1"
    options = {"conf": ("--nitpicky", "--fail-on-warning", "--keep-going", once), "bare": ()}
    seconds: dict[str, list[float]] = {conf: [] for conf in options}
    for conf, given in options.items():
        build(folder, conf, *given)
    for _ in range(BUILDS):
        for conf, given in options.items():
            (folder / "docs" / PAGE).touch()
            seconds[conf].append(build(folder, conf, *given))
    return statistics.median(seconds["conf"]), statistics.median(seconds["bare"])


def main() -> int:
    """Print what a build costs, and return an exit status."""
    with tempfile.TemporaryDirectory() as name:
        ours, bare = measure(Path(name))
    print(
        f"{PAGE} changed: {ours:.2f} s, bare Sphinx: {bare:.2f} s, "
        f"ratio {ours / bare:.2f} (bound {BOUND}), medians of {BUILDS}"
    )
    return int(ours / bare >= BOUND)


if __name__ == "__main__":
    sys.exit(main())
