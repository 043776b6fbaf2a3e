"""Where a program, a module or a piece of code lies is used by no program unseen.

That differs from computer to computer. A program may take the name of a file, and put paths
together, and whatever else asks for the folder is refused.
"""

from __future__ import annotations

import importlib
import os
import textwrap
from pathlib import PosixPath

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.library import OF_FILES
from anyorder.exploring.accesses.unknowns import OF_PATHS, OF_TEXTS
from anyorder.exploring.modules import OF_INTERPRETER, PRIVATE, REAL, unfollowed

BEGINNING = "import inspect, logging, os, sys, traceback, warnings; from pathlib import Path; "
# ways to get hold of the path of the program's file
WAYS = [
    "__file__", "sys.argv[0]", "[*sys.argv][0]", "(lambda: 1).__code__.co_filename",
    "sys._getframe().f_code.co_filename", "inspect.getfile(lambda: 1)",
    "inspect.getsourcefile(lambda: 1)", "inspect.stack()[0].filename",
    "traceback.extract_stack()[0].filename", "list(traceback.extract_stack()[0])[0]",
    "logging.LogRecord('a', 1, __file__, 1, 'b', (), None).pathname", "str(Path(__file__))",
    "os.fspath(Path(__file__))", "f'{__file__}'", "Path(__file__).as_posix()",
]  # fmt: skip
NAMES = [
    "os.path.basename(FILE)", "Path(FILE).name", "os.path.split(FILE)[1]",
    "Path(FILE).parent.joinpath('program.py').name",
    "os.path.basename(os.path.join(os.path.dirname(FILE), 'program.py'))",
    "(Path(FILE).resolve().parent.parent / 'program.py').name",
    "os.path.basename(os.path.abspath(FILE))",
    "Path(FILE).with_name('program.txt').stem + Path(FILE).suffix",
]  # fmt: skip
USES = [
    "len(FILE)", "FILE[0]", "FILE == 'program.py'", "FILE < 'a'", "'/home' in FILE", "ascii(FILE)",
    "f'{FILE!a}'", "'%a' % FILE", "{FILE: 1}", "{FILE}", "hash((FILE, len(FILE)))", "sorted(FILE)",
    "[letter for letter in FILE]", "[*FILE]", "max(FILE)", "FILE.encode()", "FILE * len(FILE)",
    "Path(FILE) == Path('a')", "Path(FILE) in {Path('a')}", "sorted([Path(FILE), Path('a')])",
    "hash(Path(FILE)) == 1 and {Path(FILE)}", "bytes(Path(FILE))", "print(FILE)",
    "print([Path(FILE)])", "sys.stdout.write(FILE)", "print(os.path.dirname(FILE))",
    "print(Path(FILE).parent.name)", "if os.path.dirname(FILE): pass", "print(Path(FILE).parent)",
    "os.path.splitext(os.path.dirname(FILE))", "Path(FILE).parent.suffix",
    "__import__('json').dumps(FILE)", "__import__('re').sub('/', '', FILE)",
]  # fmt: skip


def refused(explored, program):
    """Return why a program is refused, if it is."""
    try:
        explored(BEGINNING + program)
    except CannotExplore as refusal:
        return refusal.message
    return None


@pytest.mark.parametrize("way", WAYS)
def test_ways_to_a_path(explored, way):
    """By whatever way a program gets it, its name can be told and nothing else."""
    found = explored(f"{BEGINNING}print(os.path.basename({way}), file=sys.stdout)\n")
    assert [one.outcome.stdout for one in found.outcomes] == ["program.py\n"]
    for use in ("print(FILE)", "len(FILE)"):
        assert "where a file lies" in refused(explored, use.replace("FILE", way))


@pytest.mark.parametrize("name", NAMES)
def test_its_name(explored, name):
    found = explored(f"{BEGINNING}print({name.replace('FILE', '__file__')})\n")
    assert found.complete
    assert [one.outcome.stdout for one in found.outcomes] == ["program.py\n"]


@pytest.mark.parametrize("use", USES)
def test_uses(explored, use):
    assert refused(explored, f"\n{use.replace('FILE', '__file__')}") is not None


def test_it_is_shown_on_standard_error_by_its_name(explored):
    found = explored(
        f"{BEGINNING}print('in', __file__, file=sys.stderr); raise OSError(__file__)\n"
    )
    [error] = [one.outcome.stderr for one in found.outcomes]
    assert error.startswith("in program.py\n")
    assert error.endswith("OSError: program.py\n")


@pytest.mark.parametrize(
    "use",
    ["sys.argv[0] == __file__", "sys.argv[0].startswith('/')", "os.path.isabs(sys.argv[0])",
     "Path(sys.argv[0]).is_absolute()", "__file__ in sys.argv"],
)  # fmt: skip
def test_whether_a_folder_is_in_what_the_program_is_run_by(explored, use):
    assert "where a file lies" in refused(explored, f"\nprint({use})")


@pytest.mark.parametrize(
    "show",
    ["print(traceback.format_exc())", "traceback.print_exc(file=sys.stdout)",
     "logging.basicConfig(stream=sys.stdout); logging.exception('failed')"],
)  # fmt: skip
def test_a_traceback_on_standard_output(explored, show):
    """It says what to write instead; on standard error, a traceback is as outcomes have it."""
    failing = "\ntry: 1 / 0\nexcept ZeroDivisionError: "
    assert "print it to standard error, as traceback." in refused(explored, failing + show)
    assert refused(explored, f"{failing}traceback.print_exc(); print(1 / 1)") is None


def test_every_method_of_a_text(explored):
    """What is not listed as one that asks for nothing of the text is refused."""
    for name in set(dir(str)) - OF_TEXTS - {"endswith", "maketrans", "splitlines"}:
        if not name.startswith("__"):
            arguments = "'a', 'b'" if name in {"replace", "maketrans"} else "'a'"
            why = refused(explored, f"print(__file__.{name}({arguments}))")
            assert why is not None, name


def test_every_attribute_of_a_path(explored):
    """What is not listed as one that its folder has no part in is refused."""
    for name in dir(PosixPath):
        if not name.startswith("_") and name not in OF_FILES | {"parent"}:
            assert refused(explored, f"print(Path(__file__).{name})") is not None, name


def test_every_function_of_paths(explored):
    for name, function in vars(os.path).items():
        if callable(function) and not name.startswith("_") and function not in OF_PATHS:
            assert refused(explored, f"print(os.path.{name}(__file__))") is not None, name


def test_what_the_interpreter_puts_into_modules():
    """Of each module of the library that is followed, what is not its own is refused by name."""
    for name in sorted(REAL | PRIVATE):
        module = importlib.import_module(name)
        for attribute, value in vars(module).items():
            if attribute in OF_INTERPRETER:
                assert "differs from computer to computer" in unfollowed(name, attribute)
            elif attribute.startswith("__") and isinstance(value, str):
                assert not os.path.isabs(value), f"{name}.{attribute}"  # noqa: PTH117 - a text


@pytest.mark.parametrize("name", sorted(OF_INTERPRETER - {"__file__", "__path__"}))
def test_what_the_interpreter_puts_into_the_program(explored, name):
    assert name in refused(explored, f"print({name})")


@pytest.mark.parametrize(
    "name", ["__file__", "__spec__", "__loader__", "__cached__", "__builtins__"]
)
def test_what_the_interpreter_puts_into_a_module_of_ones_own(explored, tmp_path, name):
    (tmp_path / "helper.py").write_text("x = 1\n", encoding="utf-8")
    assert refused(explored, f"\nimport helper\nprint(helper.{name})") is not None
    (tmp_path / "helper.py").write_text(f"print({name})\n", encoding="utf-8")
    assert refused(explored, "\nimport helper") is not None


def test_a_module_of_ones_own_has_its_name(explored, tmp_path):
    (tmp_path / "helper.py").write_text("def f(): pass\n", encoding="utf-8")
    asked = "os.path.basename(helper.__file__), os.path.basename(inspect.getfile(helper.f))"
    found = explored(f"{BEGINNING}\nimport helper\nprint({asked})\n")
    assert [one.outcome.stdout for one in found.outcomes] == ["helper.py helper.py\n"]


@pytest.mark.parametrize(
    "program",
    [
        "import json; print(inspect.getfile(json))", "print(inspect.getsource(inspect.getsource))",
        "\ntry: from queue import a\nexcept ImportError as error: print(error)",
        "import json; print(json)", "print(sys._getframe())", "print((lambda: 1).__code__)",
        "print(traceback.extract_stack())", "traceback.print_stack(file=sys.stdout)",
        "\ntry: 1 / 0\nexcept ZeroDivisionError: traceback.print_exc(file=sys.stdout)",
        "logging.basicConfig(stream=sys.stdout, format='%(pathname)s'); logging.error('a')",
        ("\nwith warnings.catch_warnings(record=True) as caught:\n"
         " warnings.simplefilter('always'); warnings.warn('a')\nprint(caught[0])"),
    ],
)  # fmt: skip
def test_the_library_shows_no_path(explored, program):
    assert refused(explored, program) is not None


@pytest.mark.parametrize("failing", ["fail('y')", "Thread(target=fail, args='y').start()"])
def test_tracebacks_come_in_the_same_pieces_wherever_the_source_is_found(
    explored, tmp_path, monkeypatch, failing
):
    program = f"""
    import sys, threading
    from threading import Thread
    def fail(word):
        raise ValueError(word)
    def hook(*args):
        sys.__excepthook__(*(args if len(args) > 1 else args[0][:3]))
    sys.excepthook = threading.excepthook = hook
    Thread(target=print, kwargs={{"file": sys.stderr}}).start()
    {failing}
    """
    found = explored(program)
    (tmp_path / "program.py").write_text(textwrap.dedent(program))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert explored(program).outcome_set == found.outcome_set
