"""Modules of one's own are followed as the program is, from their import on."""

from __future__ import annotations

import site
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from textwrap import dedent

import pytest

from anyorder.checking.program import files_of, program_starts_processes, refusal_at
from anyorder.exploring import CannotExplore, explore, following
from anyorder.outcomes import Outcome, OutcomeFile, OutcomeFileError, StartMethod
from anyorder.outcomes.placeholders import Placeholders

FILES = {
    "counter.py": """
        count = 0
        def increase():
            global count
            count += 1
        def get():
            return count
    """,
    "bank/__init__.py": "from .accounts import Account\nname = 'bank'",
    "bank/accounts.py": """
        import threading
        from . import rates
        lock = threading.Lock()
        class Account:
            def __init__(self):
                self.money = 0
            def add(self, number=1):
                self.money += number
            def add_safely(self):
                with lock:
                    self.money += rates.ONE
    """,
    "bank/rates.py": "ONE = 1",
    "data.py": """
        from dataclasses import dataclass
        @dataclass
        class Point:
            x: int = 0
    """,
    "wrong.py": "x = 1\nif x:\n    eval('x')\n",
    "broken.py": "x = = 1",
    "failing.py": "def fail():\n    raise ValueError('wrong')\n",
    "first.py": "import second\nname = 'first'",
    "second.py": "import first\nname = 'second'",
    "children.py": """
        import multiprocessing
        def work(queue):
            queue.put(multiprocessing.current_process().name)
        def main():
            queue = multiprocessing.Queue()
            process = multiprocessing.Process(target=work, args=(queue,))
            process.start()
            print(queue.get())
            process.join()
    """,
}
TWICE = """
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""
SETS = {
    "import threading\nimport counter\nwork = counter.increase\nTWICE\nprint(counter.count)":
        {"1\n", "2\n"},
    ("import threading, counter as c\ndef work(): c.count = c.count + 1\nTWICE\n"
     "print(c.get())"): {"1\n", "2\n"},
    ("import threading, counter\nthread = threading.Thread(target=counter.increase)\n"
     "thread.start()\nfrom counter import count\nprint(count)\nthread.join()"): {"0\n", "1\n"},
    "import threading, bank\nits = bank.Account()\nwork = its.add\nTWICE\nprint(its.money)":
        {"1\n", "2\n"},
    ("import threading\nfrom bank import accounts, name\nits = accounts.Account()\n"
     "work = its.add_safely\nTWICE\nprint(its.money, name)"): {"2 bank\n"},
    "import bank.rates\nprint(bank.rates.ONE, bank.__name__, bank.accounts.__name__)":
        {"1 bank bank.accounts\n"},
    "from data import Point\nprint(Point(1), Point(1) == Point(1), Point.__module__)":
        {"Point(x=1) True data\n"},
    "import first\nprint(first.name, first.second.name)": {"first second\n"},
    "try: import bank.nothing\nexcept ImportError as error: print(error)":
        {"No module named 'bank.nothing'\n"},
    "import counter\nprint(counter.__file__.endswith('counter.py'), repr(counter.__package__))":
        {"True ''\n"},
}  # fmt: skip


@pytest.fixture
def program_with(tmp_path):
    """Write a program with all modules beside it."""
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(dedent(text).lstrip(), encoding="utf-8")

    def program_with(source):
        program = tmp_path / "program.py"
        program.write_text(dedent(source).replace("TWICE", dedent(TWICE)), encoding="utf-8")
        return program

    return program_with


@pytest.mark.parametrize("source", SETS)
def test_sets(program_with, source):
    exploration = explore(program_with(source))
    assert exploration.complete
    assert {one.outcome.stdout for one in exploration.outcomes} == SETS[source]


@pytest.mark.parametrize("source", SETS)
def test_a_real_run_has_one_of_these(program_with, source):
    program = program_with(source)
    done = subprocess.run(
        [sys.executable, program], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout in SETS[source]


def test_nothing_is_left_of_them(program_with):
    before = dict(sys.modules)
    explore(program_with("import counter, bank"))
    assert sys.modules.keys() == before.keys()


def test_a_witness_names_their_variables(program_with):
    exploration = explore(program_with(next(iter(SETS))))
    [lost] = [one for one in exploration.outcomes if one.outcome.stdout == "1\n"]
    said = [step.event for step in lost.witness]
    assert said.count("reads counter.count: 0") == 2
    assert said.count("writes counter.count: 1") == 2


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("import wrong", "wrong.py:3: eval()"),
        ("import broken", "broken.py:1: this is no Python"),
        ("import nothing_there", "program.py:1: the module nothing_there"),
        (
            "from threading import *\ndef work():\n    import counter\nThread(target=work).start()",
            "program.py:3: counter is imported while there are other threads",
        ),
    ],
)
def test_refused(program_with, source, where):
    program = program_with(source)
    with pytest.raises(CannotExplore) as refusal:
        explore(program)
    assert str(refusal.value).startswith(where)
    file = where.partition(":")[0]
    assert refusal_at(program, refusal.value).startswith(f"{program.with_name(file)}:")


def test_frames_of_theirs_are_not_in_tracebacks(program_with):
    """As in real runs, of which outcomes have the program's own frames."""
    [one] = explore(program_with("import failing\nfailing.fail()\n")).outcomes
    assert one.outcome.stderr == (
        "Traceback (most recent call last):\n"
        '  File "program.py", line 2, in <module>\n'
        "ValueError: wrong\n"
    )


@pytest.mark.parametrize("method", StartMethod)
def test_each_process_has_its_own(program_with, method):
    program = program_with("""
        import multiprocessing, counter
        def work(queue):
            counter.increase()
            queue.put(counter.count)
        if __name__ == "__main__":
            counter.count = 5
            queue = multiprocessing.Queue()
            process = multiprocessing.Process(target=work, args=(queue,))
            process.start()
            counter.increase()
            print(queue.get(), counter.count)
            process.join()
            with multiprocessing.Pool(1) as pool:
                print(pool.apply(counter.get))
    """)
    exploration = explore(program, start_method=method)
    assert exploration.complete
    forked = method is StartMethod.FORK
    [one] = exploration.outcomes
    assert one.outcome.stdout == ("6 6\n6\n" if forked else "1 6\n0\n")


@pytest.mark.parametrize("method", StartMethod)
def test_a_module_that_starts_processes(program_with, method):
    program = program_with("import children\nif __name__ == '__main__': children.main()\n")
    assert program_starts_processes(program)
    [one] = explore(program, start_method=method).outcomes
    assert one.outcome.stdout == "Process-1\n"


def test_a_package_in_editable_mode(program_with, tmp_path, monkeypatch):
    source = tmp_path / "elsewhere" / "src"
    (source / "shop").mkdir(parents=True)
    (source / "shop" / "__init__.py").write_text("from shop.till import sell\n")
    (source / "shop" / "till.py").write_text(
        "sold = 0\ndef sell():\n    global sold\n    sold += 1\n"
    )
    packages = tmp_path / "packages"
    packages.mkdir()
    (packages / "shop.pth").write_text(f"{source}\n")
    monkeypatch.setattr(following, "packages", lambda: [str(packages)])
    following.editable_folders.cache_clear()
    try:
        program = program_with(
            "import threading, shop.till\nwork = shop.sell"
            + dedent(TWICE)
            + "print(shop.till.sold)"
        )
        exploration = explore(program)
        assert exploration.complete
        assert {one.outcome.stdout for one in exploration.outcomes} == {"1\n", "2\n"}
        assert source / "shop" / "till.py" in files_of(program)
    finally:
        following.editable_folders.cache_clear()


def test_a_package_of_others_is_followed_where_that_is_asked_for(
    program_with, tmp_path, monkeypatch
):
    packages = tmp_path / "packages"
    (packages / "other").mkdir(parents=True)
    (packages / "other" / "__init__.py").write_text("n = 0\ndef f():\n    global n\n    n += 1\n")
    monkeypatch.setattr(following, "packages", lambda: [str(packages)])
    program = program_with("import threading, other\nwork = other.f\nTWICE\nprint(other.n)")
    with pytest.raises(CannotExplore, match="--follow other"):
        explore(program)
    exploration = explore(program, follow=["other"])
    assert {one.outcome.stdout for one in exploration.outcomes} == {"1\n", "2\n"}
    assert packages / "other" / "__init__.py" not in files_of(program)
    program.with_suffix(".toml").write_text('follow = ["other"]\n')
    assert packages / "other" / "__init__.py" in files_of(program)
    wrong = 'follow = "other"\n'
    with pytest.raises(OutcomeFileError, match="follow needs a list of packages"):
        OutcomeFile.parse(program.with_suffix(".toml"), wrong, begun=True)


def test_why_a_package_is_not_followed_that_is_to_be(program_with, tmp_path, monkeypatch):
    packages, elsewhere = tmp_path / "packages", tmp_path / "elsewhere"
    for folder in (packages, elsewhere):
        folder.mkdir()
    (packages / f"compiled{EXTENSION_SUFFIXES[0]}").touch()
    (elsewhere / "astray.py").touch()
    monkeypatch.setattr(following, "packages", lambda: [str(packages)])
    monkeypatch.syspath_prepend(str(elsewhere))
    for name, why in {
        "compiled": "is not written in Python alone",
        "astray": "is found by PYTHONPATH alone",
        "absent": "is not installed: install it",
    }.items():
        with pytest.raises(CannotExplore, match=f"{name} is to be followed, and {why}") as refusal:
            explore(program_with(f"print(1)\nimport {name}\n"), follow=[name])
        assert refusal.value.line == 2


def test_a_python_that_has_no_folder_of_one_user(explored, monkeypatch):
    """So it is in a browser."""
    monkeypatch.setattr(site, "getusersitepackages", lambda: None)
    assert following.packages()
    with pytest.raises(CannotExplore, match="the module js cannot be simulated"):
        explored("import js")


def test_a_module_that_is_not_installed_may_be_missed(program_with):
    program = program_with(
        """
        try:
            import is_absent.part as part
        except (ImportError, AttributeError) as error:
            print(error)
        def load():
            try:
                from is_absent import one
            except Exception:
                return ModuleNotFoundError.__name__
        print(load())
        """
    )
    [one] = explore(program).outcomes
    assert one.outcome.stdout == "No module named 'is_absent'\nModuleNotFoundError\n"


@pytest.mark.parametrize(
    "text",
    [
        "import is_absent",
        "try:\n    import is_absent\nexcept ValueError:\n    pass",
        "try:\n    raise ImportError\nexcept ImportError:\n    import is_absent",
        "try:\n    import greenlet\nexcept ImportError:\n    pass",
    ],
)
def test_any_other_module_of_others_is_refused(program_with, text):
    with pytest.raises(CannotExplore, match="cannot be simulated: write the program without it"):
        explore(program_with(text))


def test_annotations_with_type_variables(program_with):
    program = program_with(
        """
        import typing as t
        from typing import Callable, ParamSpec, TypeVar
        T = TypeVar("T")
        P = ParamSpec("P")
        Name = t.NewType("Name", str)
        def traced(function: Callable[P, T]) -> Callable[P, T | None]:
            def call(*args: P.args, **kwargs: P.kwargs) -> T:
                return function(*args, **kwargs)
            return call
        @traced
        def double(n: int, name: Name | None = None) -> int:
            return 2 * n
        print(double(2))
        """
    )
    [one] = explore(program).outcomes
    assert one.outcome.stdout == "4\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("queue", "x = 1\nimport queue", 2),
        ("queue", "from concurrent.futures import ThreadPoolExecutor", 1),
        ("queue", "import concurrent.futures as f\nf.ThreadPoolExecutor", 2),
        ("random", "import tempfile", 1),
        ("logging", "from concurrent.futures import Future", 1),
    ],
)
def test_a_program_that_hides_a_module_of_the_library(tmp_path, name, text, line):
    """Python imports it in the place of that module, wherever that is needed."""
    program = tmp_path / f"{name}.py"
    program.write_text(f"{text}\n", encoding="utf-8")
    # 3.15 imports some modules of the library only where they are asked for
    where = f":{line}" if sys.version_info < (3, 15) else r"(:\d)?"
    words = f"{name}\\.py{where}: the program is called .* place of the library's {name},"
    with pytest.raises(CannotExplore, match=words):
        explore(program)


@pytest.mark.parametrize("name", ["time", "os", "abc", "queue", "select"])
def test_a_program_may_have_the_name_of_what_it_does_not_need(tmp_path, name):
    """What is built into the interpreter is found first."""
    program = tmp_path / f"{name}.py"
    text = "import threading, time, os, abc\nprint(time.sleep(0), os.sep, abc.ABC.__name__)\n"
    program.write_text(text, encoding="utf-8")
    [one] = explore(program).outcomes
    real = subprocess.run([sys.executable, program], capture_output=True, check=True, text=True)
    assert one.outcome.stdout == real.stdout == "None / ABC\n"


def test_a_module_that_hides_one_of_the_library(explored, tmp_path):
    """Python takes the one beside the program; what is built in is found first."""
    (tmp_path / "queue.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "time.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(CannotExplore, match=r"beside the program lies queue\.py"):
        explored("import queue\nprint(queue.x)\n")
    [one] = explored("import time\nprint(hasattr(time, 'x'))\n").outcomes
    assert one.outcome.stdout == "False\n"


PACKAGE = {
    "pack/__init__.py": "from pack.work import double\n",
    "pack/types.py": "class Number: pass\n",
    "pack/work.py": """
        from pack import types
        class Twice:
            count: types.Number = 2
            def times(self, number: types.Number) -> "types.Number":
                return self.count * number
        def double(number: types.Number) -> list[types.Number]:
            return Twice().times(number)
    """,
}


def test_an_annotation_names_a_type_of_a_module_of_the_package(explored, tmp_path):
    """A module is imported while there are no other threads, so nobody finds it changed."""
    for name, text in PACKAGE.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    [one] = explored("from pack import double\nprint(double(4))\n").outcomes
    assert one.outcome.stdout == "8\n"


BRANCHES = """
import sys
if sys.version_info >= (3, 0):
    from typing import Any
else:
    class Any: pass
class Box:
    def put(self, thing: Any) -> bool:
        return isinstance(thing, Any) if thing is Any else True
"""


def test_an_annotation_may_be_bound_in_several_places(explored, tmp_path):
    """One place binds it as its module is imported, and no function does later on."""
    path = tmp_path / "box.py"
    path.write_text(BRANCHES, encoding="utf-8")
    program = "from box import Box\nprint(Box().put(1))\n"
    [one] = explored(program).outcomes
    assert one.outcome.stdout == "True\n"
    later = "\ndef change():\n    global Any\n    Any = int\n"
    path.write_text(BRANCHES + later, encoding="utf-8")
    with pytest.raises(CannotExplore, match="an annotation reads Any"):
        explored(program)


def test_an_annotation_within_a_function_is_not_known_to_be_alone(explored, tmp_path):
    """Other threads may go on by then, as they may in the program's main module."""
    (tmp_path / "names.py").write_text("class names: Text = str\n", encoding="utf-8")
    inner = "def make():\n    def inner(one: names.Text): pass\n    return inner\n"
    (tmp_path / "maker.py").write_text(f"from names import names\n{inner}", encoding="utf-8")
    for program in ("import maker\nmaker.make()\n", f"from names import names\n{inner}make()\n"):
        with pytest.raises(CannotExplore, match="an annotation that does something"):
            explored(program)


@pytest.mark.parametrize(
    ("use", "words"),
    [
        ("print(known.split('.'))", "split() of a text depends on which version"),
        ("print(known > '1.0')", "a comparison depends on which version"),
        ("print({known: 1})", "a key depends on"),
    ],
)
def test_the_version_of_a_package_decides_nothing(explored, use, words):
    """It is another one on each computer."""
    program = f"from importlib.metadata import version\nknown = version('pytest')\n{use}\n"
    with pytest.raises(CannotExplore) as refusal:
        explored(program)
    assert words in str(refusal.value)


def test_the_version_of_a_package_is_shown(explored, tmp_path):
    """What stands for it is put into what real runs print; what is not installed has none."""
    found = explored("""
        from importlib.metadata import PackageNotFoundError, version
        try:
            __version__ = version("pytest")
            version("nowhere")
        except PackageNotFoundError as error:
            print(f"v{__version__}", error)
    """)
    [one] = found.outcomes
    assert one.outcome.stdout == "v<version> No package metadata was found for nowhere\n"
    program = tmp_path / "program.py"
    real = subprocess.run([sys.executable, program], capture_output=True, check=True, text=True)
    shown = Outcome(real.stdout, "", 0, one.outcome.ends)
    assert Placeholders([one.outcome]).put_into(shown) == one.outcome
