"""What this project does with itself: `nox -s site` builds the site, `nox -s tests` tests it all.

`nox --list` names the sessions. Each has an environment of its own under `.nox`, which is kept
from run to run; what is installed there is the lock, `conf/locks`, to the letter. What stands
after `--` goes to the tool that the session runs.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nox

ROOT = Path(__file__).parent
CONF = Path("conf")  # nox runs everything where this file is

# what the jobs need of the lock beside the tool: its extras, and groups of pyproject.toml
TOOL = ("explore", "pytest", "sphinx")
SITE = (*TOOL, "docs")
TESTS = (*SITE, "tests")

# on all cores; whoever has no tests left takes some of another's
SHARED_OUT = ("--numprocesses=auto", "--dist=worksteal")

# the Pythons on which programs are explored: those for which greenlet's newest release has wheels;
# it has none for the free-threaded 3.13
EXPLORED = ["3.11", "3.12", "3.13", "3.14", "3.14t", "3.15", "3.15t"]
ONLY_RUN = ["3.13t"]

nox.needs_version = ">=2025.10.14"
nox.options.default_venv_backend = "uv|virtualenv"  # with uv, where it is found, all is faster
nox.options.download_python = "never"  # a Python is one of this machine, or the session is left out
nox.options.sessions = ["lint", "tests", "doctest"]
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False

# Programs are to run as their readers run them: no PYTHONUNBUFFERED, no PYTHONHASHSEED, nor any
# other setting of Python that happens to be in the shell from which nox was started.
for name in [name for name in os.environ if name.startswith("PYTHON")]:
    del os.environ[name]
os.environ["VIRTUALENV_SETUPTOOLS"] = "none"  # it is not locked, and nothing asks for it


@nox.session
def site(session: nox.Session) -> None:
    """Build the site with every outcome checked, and serve it (`-- --no-serve`: only build)."""
    options = [word for word in session.posargs if word != "--no-serve"]
    install(session, *SITE, "npm")
    built = build(session, "html", *options)
    if "--no-serve" not in session.posargs and "CI" not in os.environ:
        serve(session, built)


@nox.session
def browser(session: nox.Session) -> None:
    """Hold the built site to its gates in Debian's browsers (`-- --all`: all with Lighthouse)."""
    words = [word for word in session.posargs if word != "--all"]
    install(session, *TESTS, "npm", "browser")
    # the looks of the site do not depend on how often `nox -s site` has run its programs
    env = {"ANYORDER_SITE": str(build(session, "html", "--define=anyorder_runs=1"))}
    if "--all" in session.posargs:
        env["ANYORDER_ALL"] = "1"
    tsc = Path(session.virtualenv.location, "node_modules/.bin/tsc")
    session.run(str(tsc), "--project", "conf/jsconfig.json", external=True)
    # what measures how fast a page is has the machine for itself; a choice of words may leave none
    lighthouse = "tests/site/test_lighthouse.py"
    chosen = {"env": env, "success_codes": [0, 5]} if words else {"env": env}
    session.run("pytest", lighthouse, *words, **chosen)
    session.run("pytest", *SHARED_OUT, "tests/site", f"--ignore={lighthouse}", *words, **chosen)


@nox.session
def doctest(session: nox.Session) -> None:
    """Check the programs and the sessions of the pages with Sphinx's doctest builder."""
    install(session, *SITE)
    build(session, "doctest", *session.posargs)


@nox.session
def linkcheck(session: nox.Session) -> None:
    """Look whether the links of the pages lead anywhere; needs the network."""
    install(session, *SITE)
    build(session, "linkcheck", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run pytest over the tool, the programs and the docs, on all cores."""
    install(session, *TESTS)
    run_tests(session)


@nox.session
def newest(session: nox.Session) -> None:
    """Run tests and build the site with the newest releases, and say what moved since the lock."""
    install(session, *TESTS, locks=another_lock(session, *TESTS))
    run_tests(session)
    build(session, "html")


@nox.session(python="3.11")
def lowest(session: nox.Session) -> None:
    """Run the tool's tests with the lowest versions that pyproject.toml promises."""
    names = (*TOOL, "tests")
    install(session, *names, locks=another_lock(session, *names, "--lowest"))
    others = ("docs", "site", "test_house.py", "test_reaches.py")
    run_tests(session, "tests", *(f"--ignore=tests/{name}" for name in others))


@nox.session(venv_backend="none")
def matrix(session: nox.Session) -> None:
    """Check the programs on each Python, start method and kind of stdout that is found here."""
    for version in [*EXPLORED, *ONLY_RUN]:
        session.notify(f"check-{version}", posargs=session.posargs)


@nox.session(python=[*EXPLORED, *ONLY_RUN], default=False)
def check(session: nox.Session) -> None:
    """Run the programs on one Python, and explore them there: what comes has to be possible."""
    install(session, *(["explore"] if session.python in EXPLORED else []))
    session.run("anyorder", "check", "src/examples", *session.posargs)


@nox.session
def observe(session: nox.Session) -> None:
    """Record what real runs of the programs print; goes on where it was stopped."""
    install(session)
    session.run("anyorder", "observe", "src/examples", "--python=all", *session.posargs)
    session.notify("measure", posargs=[])


@nox.session(default=False, venv_backend="none")
def provoke(session: nox.Session) -> None:
    """Hold provoked runs against what is reachable, those of programs with threads first.

    `-- threads` or `-- processes` does so for these alone; what stands after that goes to the
    script. Both go on where they were stopped; that for processes goes on until it is.
    """
    kind, *words = session.posargs or ("",)
    if kind not in {"", "threads", "processes"}:
        session.error(f"provoke knows threads and processes, not {kind}")
    for version in EXPLORED if kind != "processes" else ():
        session.notify(f"provoke_threads-{version}", posargs=words)
    if kind != "threads":
        session.notify("provoke_processes", posargs=words)


@nox.session(python=EXPLORED, default=False)
def provoke_threads(session: nox.Session) -> None:
    """Run each program with threads 300 times on one Python, hurried (`-- --runs=5`: fewer)."""
    install(session, "explore")
    session.run("python", "tests/exploring/hunt_threads.py", *session.posargs)


@nox.session(default=False)
def provoke_processes(session: nox.Session) -> None:
    """Run programs with processes, with sleeps, until it is stopped (`-- --most=3000`: or less)."""
    install(session, "explore")
    session.run("python", "tests/exploring/processes/hunt_processes.py", *session.posargs)


@nox.session(default=False)
def probe(session: nox.Session) -> None:
    """Measure where each Python with a GIL hands it over; goes on where it was stopped."""
    install(session, "explore")
    session.run("python", "tests/probing/all_pythons.py", *session.posargs)


@nox.session
def measure(session: nox.Session) -> None:
    """Time programs for the pages, best where nothing else runs (`-- 5`: five rounds)."""
    install(session)
    session.run("python", "src/examples/_measure.py", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Hold code, prose and configuration to the project's rules, which pyproject.toml argues."""
    install(session, *TESTS, "lint", "nox")  # mypy reads noxfile.py against nox
    markdown = sorted(path.name for path in ROOT.glob("*.md"))
    session.run("python", "conf/lock.py", "--check", silent=True)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("deptry", "src/anyorder")
    # what is no part of the tool takes from any group, and imports modules that stand beside it
    session.run("deptry", ".", "--ignore", "DEP001,DEP002,DEP004")
    session.run("pymarkdown", "--strict-config", "scan", "--recurse", "docs", *markdown)
    session.run("codespell")
    workflows = sorted(str(path) for path in Path(".github/workflows").iterdir())
    schema = partial(session.run, "check-jsonschema", "--builtin-schema")
    schema("vendor.readthedocs", ".readthedocs.yaml")
    schema("vendor.github-workflows", *workflows)


@nox.session
def lock(session: nox.Session) -> None:
    """Lock the newest releases, and say what changed (`-- --check`: only whether it still fits)."""
    install(session, "lock")
    session.run("python", "conf/lock.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what exploring, beside its peer, running and a warm build of the site cost."""
    install(session, "explore", "sphinx", "docs", "bench")
    for script in sorted((ROOT / "bench").glob("*.py")):
        session.run("python", str(script), *session.posargs)


@nox.session
def hunt(session: nox.Session) -> None:
    """Look for programs that the explorer is wrong about, until it is stopped."""
    install(session, "explore")
    session.run("python", "tests/oracle/hunt.py", *session.posargs)


def install(session: nox.Session, *names: str, locks: Path = CONF / "locks") -> None:
    """Install the tool as it stands in `src`, and beside it what files of a lock say, all of it.

    An environment that holds this already is left alone; one that holds anything else is made anew.
    """
    files = [locks / f"{name}.txt" for name in ("build", "anyorder", *names)]
    node = [CONF / "package.json", CONF / "package-lock.json"] if "npm" in names else []
    asked = "".join(path.read_text(encoding="utf-8") for path in (*files, *node))
    asked += str(nox.project.load_toml("pyproject.toml")["project"])
    wanted = sha256(asked.encode()).hexdigest()
    folder = Path(session.virtualenv.location)
    installed, tool = folder / "installed", folder / "bin/anyorder"
    if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return
    if installed.exists() or tool.exists():
        shutil.rmtree(folder)
        session.virtualenv.create()
    installed.touch()  # whatever stops this, the next session begins anew
    session.install("--quiet", "--require-hashes", *(f"--requirement={path}" for path in files))
    session.install("--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    for path in node:
        shutil.copy(path, folder)
    if node:
        quiet = ("--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder))
        if "browser" in names:
            session.run_install("npm", "ci", *quiet)
        else:  # a site is worth having without what runs in it
            codes = range(256)
            less = ("--omit=dev", "--omit=optional")
            session.run_install("npm", "ci", *less, *quiet, success_codes=codes)
    if tool.exists():  # it does not where nox was told to install nothing
        installed.write_text(wanted, encoding="utf-8")


def another_lock(session: nox.Session, *words: str) -> Path:
    """Make a lock that stands for this session alone, and return where it is."""
    locks = Path("build/locks", session.name)
    install(session, "lock")
    session.run("python", "conf/lock.py", f"--into={locks}", "build", "anyorder", *words)
    return locks


def run_tests(session: nox.Session, *words: str) -> None:
    """Run pytest on all cores: in CI in an order by chance, and it says how to have it again."""
    order = ("-p", "randomly") if "CI" in os.environ else ()
    session.run("pytest", *SHARED_OUT, *order, *words, *session.posargs)


def build(session: nox.Session, builder: str, *options: str) -> Path:
    """Run a builder of Sphinx over `docs`, every warning an error, and return where it built.

    What one session has read of the pages, and found to hold, the next need not read again.
    """
    into = ROOT / "build"
    if session.python or session.name == "newest":  # with another Sphinx it is kept apart
        into /= Path(session.virtualenv.location).name
    session.run(
        *("sphinx-build", "--builder", builder, "--jobs", "auto"),
        *("--nitpicky", "--fail-on-warning", "--keep-going"),
        *("--conf-dir", "conf", "--doctree-dir", str(into / "doctrees")),
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
