"""Programs are found and read; what is wrong with them is said with file, line and fix."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from anyorder.checking import (
    Observation,
    Program,
    ProgramError,
    Verdict,
    check,
    check_all,
    find_programs,
    is_outcome_file,
    read_record,
    settings_here,
    write_record,
)
from anyorder.checking.exploration import explored_or_why_not
from anyorder.checking.program import files_of
from anyorder.outcomes import Interpreter, Outcome, OutcomeFileError, Setting, StartMethod, StdoutTo
from anyorder.running import this_interpreter

PYTHON = Interpreter(Path("python"), "3.14.2", False, (StartMethod.FORKSERVER,), "linux")  # noqa: FBT003
UNEXPLORED = 'unexplored = "a test"\n'
USUAL = '[[outcome]]\ngrade = "usual"\nstdout = "hello\\n"\n'


@pytest.fixture
def write(tmp_path):
    def write(name, source="print('hello')\n", outcomes=USUAL):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
        if outcomes is not None:
            path.with_suffix(".toml").write_text(UNEXPLORED + outcomes)
        return path

    return write


def test_a_program_that_holds_is_said_to_hold(write):
    path = write("hello.py")
    verdict = check(path, [Setting(this_interpreter())], runs=2)
    assert verdict.held
    assert str(verdict) == f"{path}: held: 2 runs in 1 setting, not explored, because a test"


def test_what_a_program_imports_from_beside_it_is_found(write, tmp_path):
    path = write("hello.py", "import os, _one\nfrom _two import three\n")
    for name, source in (
        ("_one.py", "import json\n"),
        ("_two/__init__.py", ""),
        ("_two/three.py", "from . import four\nimport hello\n"),
        ("_two/four.py", "this is no Python"),
        ("_other.py", ""),
    ):
        write(name, source, outcomes=None)
    found = [each.relative_to(tmp_path).as_posix() for each in files_of(path)]
    expected = ["_one.py", "_two/__init__.py", "_two/three.py", "_two/four.py"]
    assert found[0] == "hello.py"
    assert sorted(found[1:]) == sorted(expected)


def test_a_program_without_outcome_file_is_refused(write):
    path = write("hello.py", outcomes=None)
    with pytest.raises(ProgramError) as refused:
        Program.read(path)
    assert str(refused.value) == (
        f"{path}:1: has no outcome file hello.toml: run `anyorder accept {path}` to propose one"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.py", "there is no such program: fix its name"),
        ("gone", "there is no such program: fix its name"),
        ("hello.txt", "is no program: name a .py file or a .session file"),
        ("folder.py", "is no program: name a .py file or a .session file"),
    ],
)
def test_what_is_no_program_is_refused(tmp_path, name, words):
    (tmp_path / "hello.txt").touch()
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(ProgramError) as refused:
        Program.read(tmp_path / name)
    assert str(refused.value) == f"{tmp_path / name}:1: {words}"


def test_a_program_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "hello.py").write_bytes(b"print()\nprint('\xff')")
    with pytest.raises(ProgramError, match=r"hello\.py:2: is not UTF-8: save the file as UTF-8"):
        Program.read(tmp_path / "hello.py")


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("print()\nprint('\0')\n", 2, "holds a NUL byte, which is no text: remove it"),
        ("# coding: nonsense\n", 1, "declares an encoding other than UTF-8: save the file"),
        ("#!python\n# coding: hex", 2, "declares an encoding other than UTF-8: save the file as"),
        ("# coding: latin-1\nprint('é')\n", 1, "declares an encoding other than UTF-8: save the"),
        ("\ufeff# coding: ascii\n", 1, "declares an encoding other than UTF-8: save the file as"),
    ],
)
def test_a_program_that_is_no_text_in_utf8_is_refused(write, source, line, words):
    path = write("hello.py", source)
    with pytest.raises(ProgramError) as refused:
        Program.read(path)
    assert str(refused.value).startswith(f"{path}:{line}: {words}")


@pytest.mark.parametrize("source", ["# coding: utf-8\n", "#\n# coding=UTF8\n", "", "'coding: x'\n"])
def test_a_program_may_say_that_it_is_in_utf8(write, source):
    assert Program.read(write("hello.py", source))


def test_a_byte_order_mark_is_no_part_of_a_program(write):
    path = write("hello.py", "\ufeffimport multiprocessing\n")
    assert Program.read(path).starts_processes


def test_an_outcome_file_that_cannot_be_read_is_refused(write, tmp_path):
    path = write("hello.py", outcomes=None)
    path.with_suffix(".toml").mkdir()
    with pytest.raises(OutcomeFileError, match=r"hello\.toml:1: cannot be read \(Is a directory\)"):
        Program.read(path)
    # a folder by the name of an outcome file is seen as any file that cannot be read
    assert is_outcome_file(path.with_suffix(".toml"))
    (tmp_path / "other.toml").mkdir()
    assert not is_outcome_file(tmp_path / "other.toml")


def test_a_malformed_outcome_file_is_refused(write):
    path = write("hello.py", outcomes=USUAL.replace("usual", "fine"))
    with pytest.raises(OutcomeFileError, match=r"hello\.toml:3: grade is 'fine': write"):
        check(path, [])


def test_a_folder_has_its_programs_in_order_and_no_helpers(write, tmp_path):
    names = ["b.py", "a/c.session", "a/b.py"]
    for name in ["_helper.py", ".hidden/d.py", *names]:
        write(name)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    (tmp_path / "a" / "data.json").write_text("{}")
    found, refused = find_programs([tmp_path, tmp_path / "b.py"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a/b.py", "a/c.session", "b.py"]
    assert refused == []


@pytest.mark.parametrize(
    "text", [USUAL, "outcome = 3", "[outcome]\n", 'unexplored = "x"', "[[outcome"]
)
def test_an_outcome_file_for_no_program_is_refused_and_hides_no_program(write, tmp_path, text):
    path = write("hello.py")
    lost = tmp_path / "lost.toml"
    lost.write_text(text)
    found, refused = find_programs([tmp_path])
    assert found == [path]
    assert [str(each) for each in refused] == [
        f"{lost}:1: is an outcome file for no program: remove it, or add lost.py beside it"
    ]


def test_the_configuration_of_sphinx_is_no_program_unless_it_has_an_outcome_file(write, tmp_path):
    hello = write("hello.py")
    conf = write("conf.py", outcomes=None)
    assert find_programs([tmp_path]) == ([hello], [])
    assert find_programs([conf]) == ([conf], [])
    write("conf.py")
    assert find_programs([tmp_path]) == ([conf, hello], [])


def test_a_folder_without_programs_is_refused(tmp_path):
    found, [refused] = find_programs([tmp_path])
    assert not found
    assert str(refused) == f"{tmp_path}:1: holds no program: name a folder that does"


def test_a_program_that_cannot_be_run_hides_no_other_s_verdict(write):
    flood = write("flood.py", source="print('x' * 5_000_000)\n")
    hello = write("hello.py")
    stale = write("stale.py")
    stale.with_suffix(".observed.json").write_text("{}")
    setting = Setting(this_interpreter())
    jobs = [(Program.read(path), [setting]) for path in (flood, hello, stale)]
    flooded, held, damaged = check_all(jobs, runs=2)
    assert str(flooded).startswith(f"{flood}:1: it wrote more than 1 MiB to stdout; let it")
    assert isinstance(held, Verdict)
    assert held.held
    assert "is damaged (KeyError('sha256')): remove it, and run" in str(damaged)
    with pytest.raises(ProgramError, match="it wrote more than 1 MiB"):
        check(flood, [setting], runs=1)


def test_settings_differ_by_what_a_program_does(write):
    methods = len(this_interpreter().start_methods)
    threads = Program.read(write("threads.py"))
    processes = Program.read(write("processes.py", "import multiprocessing as mp\n"))
    pool = Program.read(
        write("pool.py", "from concurrent import futures\nfutures.ProcessPoolExecutor")
    )
    session = Program.read(write("typed.session"))
    assert len(settings_here(threads)) == len(StdoutTo)
    assert len(settings_here(processes)) == methods * len(StdoutTo)
    assert len(settings_here(pool)) == methods * len(StdoutTo)
    assert {each.stdout_to for each in settings_here(session)} == {StdoutTo.TERMINAL}


def test_a_record_comes_back_as_it_was_written(write):
    path = write("hello.py")
    kept = [
        Observation(
            Setting(PYTHON, None, to), {Outcome("hello\n"): 3, Outcome("", exit=1): 1}, "then"
        )
        for to in (StdoutTo.PIPE, StdoutTo.TERMINAL)
    ]
    write_record(path, kept)
    assert [(each.kind, each.counts, each.recorded) for each in read_record(path)] == [
        (each.kind, each.counts, each.recorded) for each in kept
    ]
    assert not [*path.parent.glob("*.draft")]


def test_an_uncovered_outcome_is_said_where_an_entry_would_be_added(write):
    path = write("hello.py", outcomes=USUAL.replace("hello", "bye") + "\n\n")
    [fault] = check(path, [Setting(this_interpreter())], runs=1).faults
    assert fault.startswith(
        f"{path.with_suffix('.toml')}:4: no entry covers this outcome: fix the program, or add "
        f"an entry here, as `anyorder accept {path}` does\n    exit status 0\n"
    )


def test_what_was_recorded_counts(write):
    path = write("hello.py")
    write_record(path, [Observation(Setting(PYTHON), {Outcome("bye\n"): 3}, "a day")])
    verdict = check(path, [Setting(this_interpreter())], runs=1)
    assert not verdict.held
    assert "observed on Python 3.14.2, pipe: 3 of 3, recorded a day" in str(verdict)


def test_a_stale_record_is_refused(write):
    path = write("hello.py")
    write_record(path, [])
    path.write_text("print('hello')  # changed\n")
    record = path.with_suffix(".observed.json")
    with pytest.raises(ProgramError) as refused:
        check(path, [Setting(this_interpreter())], runs=1)
    assert str(refused.value) == (
        f"{record}:1: was recorded before hello.py was changed: "
        f"remove it, or run `anyorder observe {path}`"
    )


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"sha256": 3}', "null"])
def test_a_damaged_record_is_refused(write, damage):
    path = write("hello.py")
    path.with_suffix(".observed.json").write_text(damage)
    with pytest.raises(ProgramError, match=r"hello\.observed\.json:1: (is damaged|was recorded)"):
        read_record(path)


def test_a_record_that_cannot_be_read_is_refused(write):
    path = write("hello.py")
    path.with_suffix(".observed.json").mkdir()
    with pytest.raises(ProgramError, match=r"hello\.observed\.json:1: cannot be read \(Is a dir"):
        read_record(path)


def test_what_cannot_be_written_is_refused_and_leaves_nothing(write, tmp_path):
    path = write("hello.py")
    path.with_suffix(".observed.json").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(
        ProgramError, match=r"hello\.observed\.json:1: cannot be written \(Is a dir"
    ):
        write_record(path, [])
    assert sorted(tmp_path.iterdir()) == before


def test_a_damaged_observation_is_refused(write):
    path = write("hello.py")
    write_record(path, [Observation(Setting(PYTHON), {Outcome("hello\n"): 3}, "a day")])
    record = path.with_suffix(".observed.json")
    content = json.loads(record.read_text())
    content["observations"][0]["stdout_to"] = "paper"
    record.write_text(json.dumps(content))
    with pytest.raises(ProgramError, match=r"is damaged \(ValueError\(\"'paper' is not"):
        read_record(path)


def test_an_entry_is_left_with_nothing_by_two_others(write):
    outcomes = (
        USUAL
        + USUAL.replace("hello", "bye")
        + USUAL.replace('"hello\\n"', '[{ any_order = ["hello"] }]')
        + 'python = "<3"\n'
    )
    path = write("hello.py", outcomes=outcomes)
    [fault] = Verdict(Program.read(path), (Observation(Setting(PYTHON), {}),), (), "a test").faults
    assert fault == (
        f"{path.with_suffix('.toml')}:8: this outcome is left with nothing: the entry at line 2 "
        "takes all that it stands for; remove one of them, or put the narrower one first"
    )


def test_unproven_and_skipped_entries_are_named(write):
    outcomes = USUAL + USUAL.replace("hello", "bye") + USUAL + 'python = "<3"\nexit = 1\n'
    path = write("hello.py", outcomes=outcomes)
    observed = Observation(Setting(PYTHON), {Outcome("hello\n"): 1})
    verdict = Verdict(Program.read(path), (observed,), (), "a test")
    assert verdict.held
    file = path.with_suffix(".toml")
    assert str(verdict).splitlines() == [
        f"{path}: held: 1 run in 1 setting, not explored, because a test",
        f"{file}:5: unproven: usual, never observed",
        f"{file}:8: skipped: no setting here meets its conditions: Python before 3",
    ]


def test_what_the_outcome_file_does_not_speak_of_is_not_run_and_does_not_count(write):
    path = write("hello.py", outcomes='stdout_to = "pipe"\n' + USUAL)
    elsewhere = Setting(PYTHON, stdout_to=StdoutTo.TERMINAL)
    write_record(path, [Observation(elsewhere, {Outcome("bye\n"): 3}, "a day")])
    [here] = settings_here(Program.read(path))
    assert here.stdout_to is StdoutTo.PIPE
    assert check(path, [here], runs=1).held
    path.with_suffix(".toml").write_text(UNEXPLORED + USUAL)
    assert not check(path, [here], runs=1).held


def test_a_program_for_other_pythons_is_skipped_by_name(write):
    path = write("hello.py", outcomes='python = "<3"\n' + USUAL + 'stdout_to = "pipe"\n')
    path.with_suffix(".toml").write_text('python = "<3"\n' + USUAL + 'stdout_to = "pipe"\n')
    program = Program.read(path)
    assert settings_here(program) == []
    verdict = check(path, [], require_explored=True)
    why = "this Python is none of which its outcome file speaks: Python before 3"
    where = "no setting here meets its conditions: Python before 3, to a pipe"
    assert str(verdict).splitlines() == [
        f"{path}: held: 0 runs in 0 settings, not explored, because {why}",
        f"{path.with_suffix('.toml')}:2: skipped: {where}",
    ]


def test_what_was_only_run_does_not_hold_where_all_is_to_be_explored(write):
    path = write("hello.py")
    path.with_suffix(".toml").write_text(USUAL)
    here = Setting(this_interpreter())
    assert check(path, [here], runs=1, require_explored=True).held
    program = Program.read(path)
    elsewhere = Observation(Setting(PYTHON), {Outcome("hello\n"): 1})
    verdict = Verdict(program, (elsewhere,), exploration="a test", require_explored=True)
    fix = "explore it, or write into hello.toml why it is unexplored"
    words = f"{path}:1: was run on Python 3.14.2 and not explored there"
    assert verdict.faults == [f"{words}, because a test; {fix}"]
    assert replace(verdict, require_explored=False).held
    found = explored_or_why_not(program)
    by_another = replace(PYTHON, version=this_interpreter().version + "1", start_methods=())
    verdict = Verdict(
        program,
        (Observation(here, {}), Observation(Setting(by_another), {})),
        exploration=found,
        require_explored=True,
    )
    assert verdict.faults == [
        f"{path}:1: was run on Python {by_another.version} and not explored there; {fix}"
    ]
    path.with_suffix(".toml").write_text(UNEXPLORED + USUAL)
    assert check(path, [here], runs=1, require_explored=True).held
