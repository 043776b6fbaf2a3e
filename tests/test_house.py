"""The house keeps its word: what README, CI and both publishers run is what noxfile.py has."""

import ast
import os
import re
import tomllib
import zlib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
import yaml

from anyorder.checking import check
from anyorder.outcomes import Setting
from anyorder.running import this_interpreter

ROOT = Path(__file__).parent.parent
LOCKED_NOX = "pip install -r conf/locks/nox.txt"
SITE = "nox -s site -- --no-serve"
ELSEWHERE = re.compile(
    r"""
      /(?:work|root|home)/                 # a folder of one machine
    | \b(?:deb|snapshot|security)[.]debian[.]org\b
    | \bpypi[.]org\b | \bpythonhosted[.]org\b | \bregistry[.]npmjs[.]org\b
    """,
    re.VERBOSE,
)


# of each room of the tool, the rooms that it may import from; "" is the package itself
ROOMS = {
    "": {"exploring"},
    "__main__": {"cli"},
    "cli": {"board", "checking", "exploring", "running", "outcomes"},
    "pytest": {"checking", "doctests", "outcomes"},
    "playground": {"board", "checking", "exploring", "outcomes"},
    "sphinx": {"board", "checking", "doctests", "exploring", "outcomes", "playground"},
    "board": {"checking", "exploring", "outcomes"},
    "checking": {"exploring", "running", "outcomes"},
    "doctests": {"outcomes"},
    "exploring": {"outcomes"},
    "running": {"outcomes"},
    "outcomes": set(),
}
# the same of each room of the explorer, from the top to the bottom: each imports from rooms that
# come later
EXPLORER = {
    "": {"explorer", "limits", "refusal", "results"},
    "explorer": {
        "refusals", "processes", "program", "search", "engine", "words", "limits", "results",
        "refusal",
    },
    "refusals": {"library", "accesses", "modules", "following"},
    "processes": {
        "processes.lifecycle", "processes.fork", "processes.pools", "processes.library",
        "processes.system", "program", "witness", "library", "accesses", "engine", "attributes",
        "refusal",
    },
    "processes.lifecycle": {
        "processes.fork", "processes.pools", "processes.library", "processes.system", "library",
        "signals", "engine", "tracebacks", "attributes", "refusal",
    },
    "processes.fork": {
        "processes.pools", "processes.library", "processes.system", "library", "accesses", "engine",
        "modules", "attributes",
    },
    "processes.pools": {
        "processes.library", "processes.system", "library", "engine", "attributes",
    },
    "processes.library": {"processes.system", "library", "signals", "engine", "attributes"},
    "processes.system": {"library", "accesses", "engine", "words", "attributes"},
    "program": {
        "witness", "library", "signals", "accesses", "rewriting", "engine", "modules", "tracebacks",
        "environment", "attributes", "refusal",
    },
    "search": {"engine", "versions", "results", "refusal"},
    "witness": {"engine", "words", "modules", "frames", "attributes", "results"},
    "library": {
        "signals", "accesses", "rewriting", "engine", "words", "modules", "following", "versions",
        "narrow", "tracebacks", "environment", "frames", "attributes",
    },
    "signals": {
        "accesses", "engine", "words", "modules", "tracebacks", "frames", "attributes", "refusal",
    },
    "accesses": {
        "rewriting", "engine", "words", "modules", "public_names", "versions", "narrow", "frames",
        "attributes",
    },
    "rewriting": {"modules", "versions", "frames", "refusal"},
    "engine": {"versions", "narrow", "frames", "attributes", "refusal"},
    "words": {"attributes", "refusal"},
    "limits": set(),
    "results": {"versions"},
    "modules": {"public_names", "inside", "narrow", "attributes"},
    "following": set(),
    "environment": set(),
    "public_names": set(),
    "inside": set(),
    "versions": set(),
    "narrow": set(),
    "tracebacks": {"frames", "attributes"},
    "frames": set(),
    "attributes": set(),
    "refusal": set(),
}  # fmt: skip

# the classes of the tool that others are derived from, each with why those are a kind of it
BASES = {
    "BuiltinOperations": "who carries out calls carries out those of built-in functions too",
    "CannotExplore": "an error",
    "Halt": "an error",
    "Kind": "a kind of object",
    "Eventful": "a kind of object that makes events",
    "Container": "a kind of container",
    "Lists": "a deque is done to what is done to a list",
    "Instances": "a kind of instance, each with attributes",
    "Followed": "a kind of object of the library whose attributes can be followed",
    "Opaque": "a frame is an object whose inside is not followed, save its callers",
    "Rows": "what writes rows keeps to itself what it asks, as what reads them does",
    "IteratorKind": "a generator is an iterator",
    "Drawing": "an iterator that goes through another",
    "Drawn": "an iterator over iterators",
    "OnlyAsking": "an iterator over iterators that calls nothing",
    "Filter": "filterfalse is a filter",
    "Lock": "an RLock is a lock",
    "Wait": "what a thread waits for",
    "Program": "a program that starts processes is a program",
    "Machine": "a computer with several processes is a machine",
    "Sharing": "which places are shared, those of a process's memory too",
    "Interrupts": "the signals of the main thread, of each process",
    "Library": "the modules that a program may import, those of processes too",
    "TextFile": "standard output is a file of text",
    "Recorder": "puts events into words, those of processes too",
    "Player": "a directive that shows a program's schedules",
    "VerdictItem": "a test of pytest's",
}
# where special attributes are asked for with ``getattr``, each with why it may be; everybody else
# uses ``attributes``, since a class of the program may say what it is asked
ASKED_FOR = {
    ("accesses/matching.py", "__match_args__"): "so does Python",
    ("following.py", "__module__"): "a finder of modules is not the program's",
    ("frames.py", "__name__"): "a function of the library",
    ("library/chance.py", "__self__"): "a function of the library",
    ("library/queue.py", "name"): "a class of the library or one below it",
    ("public_names.py", "__dict__"): "a thing of the library",
    ("public_names.py", "name"): "a thing of the library",
    ("refusals.py", "__name__"): "a function of the library",
}
# where objects are asked which class they are of with ``isinstance``, each with why they may be;
# everybody else uses ``attributes.is_a``, since a class of the program may have a say in the answer
ASKED_THEIR_CLASS = {
    ("accesses/abstract.py", "cls"): "a node of a tree",
    ("accesses/abstract.py", "method"): "a node of a tree",
    ("accesses/abstract.py", "one"): "a node of a tree",
    ("accesses/builtins.py", "thing"): "the program itself asks it",
    ("accesses/builtins.py", "args[0]"): "an iterator of the tool",
    ("accesses/dicts.py", "items"): "so does a Counter",
    ("accesses/encoding.py", "thing"): "so does json",
    ("accesses/formatting.py", "first"): "a number or a text, made of a text",
    ("accesses/matching.py", "subject"): "the program itself asks it",
    ("attributes.py", "thing"): "of a class of the tool",
    ("engine/alike.py", "place"): "a place",
    ("library/importing.py", "each"): "a node of a tree",
    ("library/wrapping.py", "one"): "what a module of the library has",
    ("processes/system/brief_locks.py", "waits"): "what a thread of the tool waits for",
    ("processes/system/memory.py", "thing.obj"): "what a memoryview is of",
    ("processes/system/sharing.py", "place"): "a place",
}
# modules of the explorer that see no objects of the program's
SEEING_NOTHING = {
    "explorer.py", "following.py", "frames.py", "limits.py", "refusals.py", "rewriting", "search",
}  # fmt: skip
# parts of others that may be looked into, each with why: they are what they are looked at for
OPEN = {
    "current": "the thread whose turn it is, with which all that is known of a thread is kept",
    "main": "a main thread, likewise",
    "_ao_thread": "the simulated thread of a Thread of the library, likewise",
    "process": "the process whose turn it is, likewise",
    "child": "a process, likewise",
    "facts": "a record of what is known of the program",
    "kind": "a record of what is to be known of an event",
    "greenlet": "the stack of a thread, which in a browser is of a class of ours",
    "scope": "a record of a scope that is being rewritten",
    "signals": "a record of the signals of a process",
    "shared_code": "a record of what a process shares with the one that it was forked from",
    "waits_for": "a record of what a thread waits for",
    "step": "a record of what an edge of a graph does",
    "back": "the other direction of a socket, which is a pipe as well",
    "machine": "where all run: each part that does has it, and it is the same one",
    "owners": "who asks for locks of others, of which those locks tell it",
    "raised": "who raises what, of which whatever raises or shows an exception tells it",
    "dropping": "what the program may drop, of which whatever makes such an object tells it",
    "varied": "what differs from run to run, which whatever hands it out asks for",
    "brief_locks": "locks of a moment, of the machine that they are the locks of",
    "worker_pool": "the workers of a pool, which the library's own Pool keeps under a name",
}
# modules that may look into all, since they put the parts together
PUT_TOGETHER = {
    "explorer.py", "program.py", "accesses/hooks.py", "processes/program.py",
    "processes/patches.py",
}  # fmt: skip


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def fenced(markdown, language):
    """Return what stands in the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.+?)\n```$", markdown, re.MULTILINE | re.DOTALL)


def session_functions(source):
    """Return the functions of a noxfile that are sessions, by name."""
    return {
        node.name: node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        and any(
            ast.unparse(decorator).startswith("nox.session") for decorator in node.decorator_list
        )
    }


def undocumented(source):
    """Return the names of a noxfile's sessions that have no docstring."""
    return [name for name, node in session_functions(source).items() if not ast.get_docstring(node)]


def sessions_run(words):
    """Return the names of the sessions that a text says to run."""
    return {
        name for names in re.findall(r"\bnox -s((?: [a-z_]+\b)+)", words) for name in names.split()
    }


def named_elsewhere(words):
    """Return what a text says of one machine or of a registry's host."""
    return ELSEWHERE.findall(words)


def job_of(workflow, name):
    """Return a job of a workflow."""
    return yaml.safe_load(text(f".github/workflows/{workflow}.yml"))["jobs"][name]


def commands(job):
    """Return the commands of a workflow's job, each without its `python -m`."""
    return [step["run"].removeprefix("python -m ") for step in job["steps"] if "run" in step]


def test_readme_begins_with_two_commands_that_set_up_everything():
    nox = ".venv/bin/pip install --quiet -r conf/locks/nox.txt && .venv/bin/nox"
    setup = f"python3 -m venv .venv && {nox} -s "
    assert fenced(text("README.md"), "sh") == [f"{setup}site", f"{setup}tests"]


def test_the_program_of_the_readme_has_the_outcomes_that_stand_there(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for language, name in (("python", "hello.py"), ("toml", "hello.toml")):
        [block] = fenced(text("README.md"), language)
        (tmp_path / name).write_text(f"{block}\n")
    verdict = check(tmp_path / "hello.py", [Setting(this_interpreter())], runs=2)
    assert verdict.held, str(verdict)
    assert "2 outcomes possible" in str(verdict)


def test_ci_runs_the_test_command_of_the_readme():
    _, command = fenced(text("README.md"), "sh")
    assert command in [line.strip() for line in text(".ci/run").splitlines()]


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md", ".ci/run", ".readthedocs.yaml"])
def test_every_session_that_is_run_exists(path):
    run = sessions_run(text(path))
    assert run
    assert run <= set(session_functions(text("noxfile.py")))


def test_ci_runs_what_a_change_has_to_pass():
    wanted = {"tests", "lint", "site", "doctest", "browser", "check", "provoke_threads"}
    assert sessions_run(text(".ci/run")) == wanted


@pytest.mark.parametrize(
    ("lists", "session"), [("EXPLORED|ONLY_RUN", "check"), ("EXPLORED", "provoke_threads")]
)
def test_ci_runs_the_programs_on_every_python(lists, session):
    found = re.findall(rf"^(?:{lists}) = .+", text("noxfile.py"), re.MULTILINE)
    versions = re.findall(r'"(.+?)"', "".join(found))
    tested = {"3.11", "3.15"}  # there the site is built as well
    assert {*re.findall(rf"\b{session}-(\S+)", text(".ci/run"))} | tested == {*versions}


def test_ci_says_first_what_is_installed_and_whether_that_is_the_lock():
    [prepared] = re.findall(r"^prepare\(\) {\n(.+?)^}$", text(".ci/run"), re.MULTILINE | re.DOTALL)
    assert prepared.splitlines()[1].strip() == "python3 conf/lock.py --check"


def test_a_pull_request_runs_each_step_of_ci_as_a_job():
    [steps] = re.findall(r"\(\(\$#\)\) \|\| set -- (.+)", text(".ci/run"))
    job = job_of("tests", "step")
    in_debian = job["strategy"]["matrix"]["step"]
    assert commands(job)[-1] == ".ci/run ${{ matrix.step }}"
    [on_host] = commands(job_of("tests", "matrix"))
    assert [*in_debian, on_host.removeprefix(".ci/run ")] == steps.split()
    defined = re.findall(r"^(\w+)\(\) {$", text(".ci/run"), re.MULTILINE)
    assert set(steps.split()) == set(defined) - {"prepare", "bring_pythons", "main"}


def test_a_pull_request_is_run_on_each_python_and_a_supported_free_threaded_one():
    [setup] = [step for step in job_of("tests", "matrix")["steps"] if "setup-python" in str(step)]
    pythons = setup["with"]["python-version"].split()
    supported = text("pyproject.toml")
    with_gil = re.findall(r"Python :: (3[.]\d+)", supported)
    assert set(pythons) - {"3.14t"} == set(with_gil)
    assert pythons.index("3.14t") < pythons.index("3.14")  # the later one comes first on PATH


def test_what_is_not_locked_is_looked_at_each_week_and_holds_no_change_up():
    job = job_of("ahead-and-back", "session")
    ahead_and_back = job["strategy"]["matrix"]["session"]
    assert commands(job)[-1] == ".venv/bin/nox -s ${{ matrix.session }}"
    assert set(ahead_and_back) <= set(session_functions(text("noxfile.py")))
    assert not set(ahead_and_back) & sessions_run(text(".ci/run"))


def test_every_session_says_what_it_does():
    assert undocumented(text("noxfile.py")) == []


def test_a_session_without_a_docstring_is_found():
    source = '@nox.session\ndef mute(session): ...\n\n@nox.session\ndef site(session): "Build."'
    assert undocumented(source) == ["mute"]


def test_read_the_docs_builds_the_site():
    jobs = yaml.safe_load(text(".readthedocs.yaml"))["build"]["jobs"]
    assert jobs["install"] == [f"python -m {LOCKED_NOX}"]
    assert f"python -m {SITE}" in jobs["build"]["html"]


def test_the_pages_workflow_builds_and_uploads_the_site():
    job = job_of("pages", "build")
    assert commands(job) == [LOCKED_NOX, SITE]
    assert job["steps"][-1]["with"] == {"path": "build/html"}


def files_of(root, ignored):
    """Yield the files below a folder, but for what is ignored by its name; git may be missing."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in ignored]
        yield from (Path(folder, name) for name in names if name not in ignored)


def test_an_index_of_packages_says_where_the_project_lives():
    urls = tomllib.loads(text("pyproject.toml"))["project"]["urls"]
    assert set(urls) == {"Documentation", "Repository", "Changelog", "Issues"}
    assert urls["Changelog"] == f"{urls['Repository']}/blob/main/CHANGELOG.md"
    assert urls["Issues"] == f"{urls['Repository']}/issues"
    # and the site has it from there
    for name in ("Documentation", "Repository"):
        assert urls[name] not in text("conf/conf.py")
        assert f'PROJECT["urls"]["{name}"]' in text("conf/conf.py")


def test_no_file_names_a_machine_or_a_registry():
    files = set(files_of(ROOT, {".git", *text(".gitignore").replace("/", "").split()}))
    assert {ROOT / "README.md", ROOT / ".ci/run", Path(__file__)} <= files
    for path in files:
        found = named_elsewhere(path.read_bytes().decode(errors="replace"))
        assert not found, f"{path} names {found}"


@pytest.mark.parametrize(
    "words",
    ["see /" + "work/site", "/" + "root/.cache", "http://deb." + "debian.org/", "pypi." + "org"],
)
def test_a_name_from_one_machine_is_found(words):
    assert named_elsewhere(words)


def wrong_imports(path, source):
    """Return the rooms from which a module of the tool imports and may not, with the lines."""
    [room, *_] = *Path(path).with_suffix("").parts, ""
    room = "" if room == "__init__" else room
    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = "." * node.level + (node.module or "")
            names = [f"{above}.{alias.name}" for alias in node.names]
        for name in names:
            top, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            if not top or (top == "anyorder" and other not in ROOMS[room] | {room}):
                found.append(f"{node.lineno}: {name}")
    return found


def test_imports_of_the_tool_point_one_way():
    folder = ROOT / "src/anyorder"
    rooms = {""}
    for path in folder.rglob("*.py"):
        inside = path.relative_to(folder)
        assert not wrong_imports(inside, path.read_text()), inside
        rooms.add(inside.with_suffix("").parts[0])
    assert rooms - {"__init__"} == set(ROOMS)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("outcomes/model.py", "from anyorder.running import run"),
        ("running/many.py", "import anyorder.exploring.search.dpor"),
        ("checking/check.py", "def check():\n    from anyorder import cli"),
        ("doctests.py", "from anyorder.checking import check"),
        ("exploring/search/dpor.py", "from ..checking import check"),
        ("__init__.py", "from anyorder import explore, cli"),
    ],
)
def test_an_import_that_points_the_wrong_way_is_found(path, source):
    assert wrong_imports(path, source)


def import_graph(sources):
    """Return from which modules each one imports, also where that is for types only.

    Args:
        sources: the text of each module of the explorer, by its path in there
    """
    paths = {}
    for path in sources:
        parts = Path(path).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        paths[".".join(("anyorder", "exploring", *parts))] = path
    graph = {path: set() for path in sources}
    for path, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                module = name if name in paths else name.rpartition(".")[0]
                graph[path] |= {paths[module]} & sources.keys() if module in paths else set()
    return graph


def circle(graph):
    """Return modules of which each imports from the one before and the first from the last."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def room_of(path):
    """Return the room of the explorer that a module is in; a file at the top is a room."""
    parts = Path(path).with_suffix("").parts
    return ".".join(parts[:-1]) or parts[0].replace("__init__", "")


def wrong_ways(graph):
    """Return which modules of the explorer import from a room that theirs may not import from."""
    return [
        f"{path} imports {other}"
        for path, others in graph.items()
        for other in others
        if room_of(other) not in EXPLORER[room_of(path)] | {room_of(path)}
    ]


@pytest.fixture(scope="module")
def explorer():
    """The import graph of the explorer."""
    folder = ROOT / "src/anyorder/exploring"
    return import_graph(
        {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.py")}
    )


def test_no_modules_of_the_explorer_import_each_other_in_a_circle(explorer):
    assert len(explorer) > 100
    assert circle(explorer) == []


def test_imports_of_the_explorer_point_down(explorer):
    assert {room_of(path) for path in explorer} == set(EXPLORER)
    assert wrong_ways(explorer) == []
    rooms = list(EXPLORER)
    for number, room in enumerate(rooms):
        assert set(rooms[number + 1 :]) >= EXPLORER[room], room


@pytest.mark.parametrize("line", ["", "if TYPE_CHECKING:\n    "])
def test_a_circle_is_found(line):
    graph = import_graph(
        {
            "engine/machine.py": "from anyorder.exploring.engine.events import Event, Place",
            "engine/events.py": "from anyorder.exploring.engine import threads",
            "engine/threads.py": f"{line}import anyorder.exploring.engine.machine",
        }
    )
    assert len(set(circle(graph))) == 3


def test_an_import_of_the_explorer_that_points_up_is_found():
    graph = import_graph(
        {
            "engine/machine.py": "def f():\n    from anyorder.exploring.program import Program",
            "program.py": "from anyorder.exploring import CannotExplore",
            "__init__.py": "",
        }
    )
    assert wrong_ways(graph) == [
        "engine/machine.py imports program.py",
        "program.py imports __init__.py",
    ]


def classes_of(sources):
    """Yield each class of some modules."""
    for source in sources:
        yield from (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef))


def derived_from(sources):
    """Return the classes of some modules that others of theirs are derived from."""
    classes = list(classes_of(sources))
    bases = {
        base.rpartition(".")[2]
        for each in classes
        for base in map(ast.unparse, each.bases)
        if not base.endswith(f".{each.name}")  # its namesake in a module of Python's
    }
    return bases & {each.name for each in classes}


def parts_of(sources):
    """Return under which names objects of the classes of some modules keep others of them."""
    classes = list(classes_of(sources))
    names = {each.name for each in classes}

    def ours(node):
        return isinstance(node, ast.Name) and node.id in names

    parts = set()
    for node in (node for each in classes for node in ast.walk(each)):
        if isinstance(node, ast.AnnAssign) and ours(node.annotation):
            parts.add(node.target.id if isinstance(node.target, ast.Name) else node.target.attr)
        if not isinstance(node, ast.FunctionDef):
            continue
        if ours(node.returns) and "property" in map(ast.unparse, node.decorator_list):
            parts.add(node.name)
        args = {arg.arg for arg in node.args.args if ours(arg.annotation)}
        for line in ast.walk(node):
            if isinstance(line, ast.Assign):
                value = line.value
                made = isinstance(value, ast.Call) and ours(value.func)
                if made or (isinstance(value, ast.Name) and value.id in args):
                    targets = [one for each in line.targets for one in ast.walk(each)]
                    parts |= {one.attr for one in targets if isinstance(one, ast.Attribute)}
    return parts


def reached_through(source, parts):
    """Return what a module looks into that is another's part: an attribute of that, by its path.

    What it looks for in a container is no part, and what it has of a module of Python's is none of
    ours.
    """
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    modules = {alias.name for node in imports for alias in node.names}
    containers = {*dir(dict), *dir(list), *dir(set)}
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in parts
        and node.attr not in containers
        and ast.unparse(node.value.value) not in {"self", *modules}
    ]


def imported_by(source):
    """Return the names of the modules that a text imports, each with all that it is inside of."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
    return {name.partition(".")[0] for name in found if name}


def test_what_switches_comes_in_by_one_door():
    folder = ROOT / "src/anyorder"
    switching, jspi = "exploring/engine/switching.py", "exploring/engine/jspi.py"
    wanted = {"greenlet": switching, "anyorder_switches": jspi, "pyodide": jspi}
    doors = {
        (name, str(path.relative_to(folder)))
        for path in folder.rglob("*.py")
        for name in imported_by(path.read_text()) & set(wanted)
    }
    assert doors == {*wanted.items(), ("pyodide", "playground/browser.py")}  # which asks the page


@pytest.mark.parametrize(
    "line", ["import greenlet", "from greenlet import getcurrent", "if 1: import greenlet.tests"]
)
def test_another_door_is_found(line):
    assert "greenlet" in imported_by(line)


def test_a_class_is_a_base_only_of_what_is_a_kind_of_it():
    sources = [path.read_text() for path in (ROOT / "src/anyorder").rglob("*.py")]
    assert derived_from(sources) == set(BASES)


def test_a_base_class_is_found():
    sources = ["class Half: ...\nclass Whole(halves.Half, dict): ...", "class Kind(Half): ..."]
    assert derived_from(sources) == {"Half"}
    assert derived_from([*sources, "class List(Kind): ..."]) == {"Half", "Kind"}


def test_the_explorer_asks_no_object_of_the_program_for_a_special_attribute():
    folder = ROOT / "src/anyorder/exploring"
    asked = {
        (str(path.relative_to(folder)), name)
        for path in folder.rglob("*.py")
        for name in special_asked_for(path.read_text())
    }
    assert asked == set(ASKED_FOR)


def test_the_explorer_asks_no_object_of_the_program_for_its_class():
    folder = ROOT / "src/anyorder/exploring"
    sources = {path.relative_to(folder): path.read_text() for path in folder.rglob("*.py")}
    asked = {
        (str(path), thing)
        for path, source in sources.items()
        if path.parts[0] not in SEEING_NOTHING
        for thing in asked_their_class(source)
    }
    assert asked == set(ASKED_THEIR_CLASS)


def asked_their_class(source):
    """Yield what code asks for its class, by ``isinstance`` or as an attribute."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
            yield ast.unparse(node.args[0])
        if isinstance(node, ast.Attribute) and node.attr == "__class__":
            yield ast.unparse(node.value)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("isinstance(thing, list)", ["thing"]),
        ("x = [one for one in things if isinstance(one.value, int | str)]", ["one.value"]),
        ("name = thing.__class__.__name__", ["thing"]),
        ("is_a(thing, list)", []),
        ("issubclass(type(thing), list)", []),
    ],
)
def test_what_asks_an_object_for_its_class_is_found(line, found):
    assert list(asked_their_class(line)) == found


def special_asked_for(source):
    """Yield the special attributes that code asks objects for, which a ``__getattr__`` would see.

    Likewise what it asks the class of an object for, which that of a metaclass would see.
    """
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"getattr", "hasattr"}:
            thing, attribute = map(ast.unparse, call.args[:2])
            if attribute.strip("f'\"").startswith("__") or thing.startswith("type("):
                yield attribute.strip("'")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("hasattr(thing, '__next__')", ["__next__"]),
        ("x = getattr(type(thing), name, None)", ["name"]),
        ("asked(thing, '__next__')", []),
        ("getattr(thing, name)", []),
    ],
)
def test_what_asks_an_object_of_the_program_is_found(line, found):
    assert list(special_asked_for(line)) == found


def test_no_module_of_the_explorer_reaches_through_another_s_parts():
    folder = ROOT / "src/anyorder/exploring"
    sources = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.py")}
    parts = parts_of(sources.values())
    assert set(sources) >= PUT_TOGETHER
    chains = {
        path: reached_through(source, parts)
        for path, source in sources.items()
        if path not in PUT_TOGETHER
    }
    looked_into = {
        (path, chain.split(".")[-2]): chain for path, found in chains.items() for chain in found
    }
    assert {part for _, part in looked_into} >= set(OPEN)
    closed = {at: chain for at, chain in looked_into.items() if at[1] not in OPEN}
    assert closed == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("self.kernel.pipes.ready", ["self.kernel.pipes.ready"]),
        ("kernel.pipes.write(b'')", ["kernel.pipes.write"]),
        ("kernel.last.number", ["kernel.last.number"]),
        ("kernel.first.number", ["kernel.first.number"]),
        ("self.pipes.write(b'')", []),
        ("kernel.pipes", []),
        ("kernel.opened.number", []),
        ("kernel.pipes.items()", []),
        ("import os\nos.pipes.write", []),
    ],
)
def test_what_reaches_through_another_s_part_is_found(line, found):
    sources = [
        "class Pipes:\n    first: Pipes",
        """
class Kernel:
    def __init__(self, other: Pipes):
        self.pipes, self.other = Pipes(), other
        self.pipes = Pipes()
        self.opened = open(other)
    @property
    def last(self) -> Pipes: ...
""",
    ]
    assert reached_through(line, parts_of(sources)) == found


def test_the_map_of_the_explorer_names_every_room():
    words = ast.get_docstring(ast.parse(text("src/anyorder/exploring/__init__.py")))
    listed = " ".join(re.findall(r"^``.+``$", words, re.MULTILINE))
    rooms = {room.partition(".")[0] for room in EXPLORER}
    assert set(re.findall(r"\w+", listed)) == rooms - {""}


def test_the_map_of_the_tool_names_every_room():
    words = ast.get_docstring(ast.parse(text("src/anyorder/__init__.py")))
    listed = " ".join(re.findall(r"^``.+``$", words, re.MULTILINE))
    assert set(re.findall(r"\w+", listed)) == set(ROOMS) - {"", "__main__"}


def test_the_inventory_of_the_python_docs_has_what_the_pages_name():
    header, _, content = (ROOT / "conf/python.inv").read_bytes().partition(b"using zlib.\n")
    assert header.startswith(b"# Sphinx inventory version 2\n# Project: Python\n")
    names = {line.split()[0] for line in zlib.decompress(content).decode().splitlines()}
    assert {"threading.Thread", "multiprocessing.Process"} <= names


def ambiguous(tests):
    """Return the files whose tests import what another folder's may be found for by chance."""
    names = [path.stem for path in tests.rglob("*.py") if not {"samples"} & set(path.parts)]
    twice = {name for name in names if names.count(name) > 1}
    return [
        path.name
        for path in tests.rglob("*.py")
        if any(re.search(rf"^from {name} import", path.read_text(), re.MULTILINE) for name in twice)
    ]


def test_what_tests_share_has_a_name_of_its_own():
    assert ambiguous(ROOT / "tests") == []


def test_an_import_that_may_find_another_folder_s_module_is_found(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "conftest.py").write_text("")
    (tmp_path / "one/test_it.py").write_text("from conftest import it\n")
    assert ambiguous(tmp_path) == ["test_it.py"]
