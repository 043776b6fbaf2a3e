"""What this project does with itself: `nox -s site` builds the site, `nox -s tests` tests it all.

`nox --list` names the sessions. Each has an environment of its own under `.nox`, which is kept
from run to run; what is installed there is said in pyproject.toml and nowhere else. What stands
after `--` goes to the tool that the session runs.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

# the Pythons on which programs are explored: those for which greenlet's newest release has wheels;
# it has none for the free-threaded 3.13, which only runs programs
EXPLORED = ["3.11", "3.12", "3.13", "3.14", "3.15"]

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "tests", "doctest"]
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False

# Programs are to run as their readers run them: no PYTHONUNBUFFERED, no PYTHONHASHSEED, nor any
# other setting of Python that happens to be in the shell from which nox was started.
for name in [name for name in os.environ if name.startswith("PYTHON")]:
    del os.environ[name]


@nox.session
def site(session: nox.Session) -> None:
    """Build the site with every outcome checked, and serve it (`-- --no-serve`: only build)."""
    if session.posargs not in ([], ["--no-serve"]):
        session.error(f"site knows --no-serve alone, not {' '.join(session.posargs)}")
    built = build(session, "html")
    if not session.posargs and "CI" not in os.environ:
        serve(session, built)


@nox.session
def browser(session: nox.Session) -> None:
    """Hold the built site to its gates in Debian's chromium (`-- --all`: all with Lighthouse)."""
    words = [word for word in session.posargs if word != "--all"]
    env = {"ANYORDER_SITE": str(build(session, "html"))}
    if "--all" in session.posargs:
        env["ANYORDER_ALL"] = "1"
    typescript = ("npm", "exec", "--yes", "--package=typescript@7", "--")
    session.run(*typescript, "tsc", "--project", "conf/jsconfig.json", external=True)
    install(session, "explore", "pytest", "sphinx", groups=["docs", "tests", "browser"])
    session.run("pytest", "tests/site", *words, env=env)


@nox.session
def doctest(session: nox.Session) -> None:
    """Check the programs and the sessions of the pages with Sphinx's doctest builder."""
    build(session, "doctest", *session.posargs)


@nox.session
def linkcheck(session: nox.Session) -> None:
    """Look whether the links of the pages lead anywhere; needs the network."""
    build(session, "linkcheck", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run pytest over the tool, the programs and the docs, on all cores."""
    install(session, "explore", "pytest", "sphinx", groups=["docs", "tests"])
    session.run("pytest", "--numprocesses=auto", *session.posargs)


@nox.session
def matrix(session: nox.Session) -> None:
    """Check the programs on each Python, start method and kind of stdout that is found here.

    They are run on all of them at once, and then explored on each one that can explore.
    """
    install(session, "explore")
    session.run("anyorder", "check", "src/examples", "--python=all", *session.posargs)
    for version in EXPLORED:
        session.notify(f"explore-{version}", posargs=[])


@nox.session(python=EXPLORED, default=False)
def explore(session: nox.Session) -> None:
    """Explore the programs on one Python, and hold the outcome files against what is possible."""
    install(session, "explore")
    session.run("anyorder", "check", "src/examples", "--runs=1", *session.posargs)


@nox.session
def observe(session: nox.Session) -> None:
    """Record what real runs of the programs print; goes on where it was stopped."""
    install(session)
    session.run("anyorder", "observe", "src/examples", "--python=all", *session.posargs)
    session.notify("measure", posargs=[])


@nox.session(default=False)
def provoke(session: nox.Session) -> None:
    """Hold provoked runs of programs with processes against their sets (`-- --most 3000`)."""
    install(session, "explore")
    session.run("python", "tests/exploring/processes/hunt_processes.py", *session.posargs)


@nox.session
def measure(session: nox.Session) -> None:
    """Time the programs of "Really at once", best where nothing else runs (`-- 5`: five rounds)."""
    install(session)
    session.run("python", "src/examples/two-ways/_measure.py", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Hold code, prose and configuration to the project's rules, which pyproject.toml argues."""
    install(session, "explore", "pytest", "sphinx", groups=["docs", "tests", "lint"])
    markdown = sorted(path.name for path in ROOT.glob("*.md"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("pymarkdown", "--strict-config", "scan", "--recurse", "docs", *markdown)
    session.run("codespell")
    schema = partial(session.run, "check-jsonschema", "--builtin-schema")
    schema("vendor.readthedocs", ".readthedocs.yaml")
    schema("vendor.github-workflows", ".github/workflows/pages.yml")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what exploring, beside its peer, running and a warm build of the site cost."""
    install(session, "explore", "sphinx", groups=["bench", "docs"])
    for script in sorted((ROOT / "tests").glob("bench_*.py")):
        session.run("python", str(script), *session.posargs)


def install(session: nox.Session, *extras: str, groups: list[str] | None = None) -> None:
    """Install the tool as it stands in `src`, with extras and groups that pyproject.toml names."""
    tool = f".[{','.join(extras)}]" if extras else "."
    session.install(
        "--quiet", "--editable", tool, *nox.project.dependency_groups(PYPROJECT, *groups or [])
    )


def build(session: nox.Session, builder: str, *options: str) -> Path:
    """Run a builder of Sphinx over `docs`, every warning an error, and return where it built."""
    install(session, "explore", "pytest", "sphinx", groups=["docs"])
    environment = Path(session.virtualenv.location).name
    into = ROOT / "build"
    if session.python:  # named by --force-python: it may have another Sphinx, so it is kept apart
        into /= environment
    session.run(
        *("sphinx-build", "--builder", builder, "--jobs", "auto"),
        *("--nitpicky", "--fail-on-warning", "--keep-going"),
        *("--conf-dir", "conf", "--doctree-dir", f"build/doctrees/{environment}"),
        *(*options, "docs", str(into / builder)),
    )
    return into / builder


def serve(session: nox.Session, folder: Path) -> None:
    """Serve a folder to this machine alone until Ctrl-C, on port 8000 or else a free one."""
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", 8000), handler)
    except OSError:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    session.log(f"Read it at http://localhost:{server.server_port}/ (Ctrl-C ends it)")
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()
