"""One real run: what the program sees, what comes of it, and that nothing is left of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from real_runs import SAMPLES, killed, leftovers, observe, run

from anyorder.outcomes import Ends, Interpreter, Outcome, Setting, StartMethod, StdoutTo
from anyorder.outcomes.settings import VARIABLES, VARIABLES_THAT_DIFFER
from anyorder.running import (
    Before,
    CannotRun,
    Job,
    find_interpreters,
    keepers,
    this_interpreter,
)

INTERPRETERS = find_interpreters()[0]
THIS = Setting(this_interpreter())
UNENDED = {
    "hangs.py": "begin\n",
    "ignores_sigterm.py": "",
    "leaves_orphans_for_ever.py": "the parent\n",
    "starts_200_processes.py": "child\n" * 200,
}
each_interpreter = pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda each: each.name)


def write(folder: Path, text: str) -> Path:
    program = folder / "program.py"
    program.write_text(text)
    return program


def test_the_order_of_writes_is_kept(tmp_path):
    program = write(tmp_path, "import sys\nprint('a')\nprint('b')\nsys.exit(4)\n")
    assert run(program, THIS) == Outcome("a\nb\n", "", 4)


@each_interpreter
def test_a_program_is_started_as_python_program_py_does(interpreter):
    program = SAMPLES / "describes_itself.py"
    outcome = run(program, Setting(interpreter))
    assert (outcome.stderr, outcome.exit) == ("", 0)
    ours = json.loads(outcome.stdout)
    theirs = json.loads(
        subprocess.run(
            # as in a shell: what runs behind a `&` ignores Ctrl-C, and behind nohup the end of it
            ["env", "--default-signal=HUP,INT,QUIT", interpreter.path, program],
            env=ours["environment"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        ).stdout
    )
    assert ours == theirs
    assert ours["name"] == "__main__"
    assert ours["file"] == ours["main"] == ours["argv"][0] == str(program)
    assert ours["path"][0] == str(SAMPLES)
    assert ours["gil"] != interpreter.free_threaded


@pytest.mark.parametrize("stdout_to", StdoutTo)
@each_interpreter
def test_the_environment_has_what_explored_programs_find(interpreter, stdout_to):
    outcome = run(SAMPLES / "describes_itself.py", Setting(interpreter, stdout_to=stdout_to))
    seen = json.loads(outcome.stdout)["environment"]
    assert {name: text for name, text in seen.items() if name in VARIABLES} == VARIABLES
    assert seen.keys() - VARIABLES <= VARIABLES_THAT_DIFFER


@each_interpreter
def test_another_start_method_leaves_no_trace_but_in_the_environment(interpreter):
    program = SAMPLES / "describes_itself.py"
    ours, usual = (
        json.loads(run(program, Setting(interpreter, method)).stdout)
        for method in (interpreter.start_methods[1], None)
    )
    added = {"PYTHONPATH", "ANYORDER_START_METHOD"}
    assert ours["environment"].keys() - usual["environment"].keys() == added
    assert ours.pop("finders")[1:] == usual.pop("finders")
    del ours["environment"], usual["environment"]
    assert ours == usual


def test_nothing_comes_from_outside(monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONUNBUFFERED"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("A_SECRET", "1")
    seen = json.loads(run(SAMPLES / "describes_itself.py", THIS).stdout)
    allowed = {"COLUMNS", "HOME", "LC_ALL", "LINES", "LD_LIBRARY_PATH", "NO_COLOR", "PATH", "TERM"}
    allowed |= {"TMPDIR", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONIOENCODING"}
    allowed |= {"PYTHONUTF8", "PYTHON_COLORS", "PYTHON_GIL"}
    assert seen["environment"].keys() <= allowed
    assert "hash_randomization=0" in seen["flags"]
    assert "dont_write_bytecode=1" in seen["flags"]


def test_signals_are_as_from_a_shell():
    """Even where the host ignores them, as under ``nohup`` and in scripts' background jobs."""
    script = f"""
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
from pathlib import Path
from anyorder.outcomes import Setting
from anyorder.running import run, this_interpreter
print(run(Path({str(SAMPLES / "describes_itself.py")!r}), Setting(this_interpreter())).stdout)
"""
    there = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    here = run(SAMPLES / "describes_itself.py", THIS)
    assert json.loads(there.stdout)["signals"] == json.loads(here.stdout)["signals"]


@each_interpreter
@pytest.mark.parametrize(
    ("stdout_to", "expected"),
    [
        (StdoutTo.PIPE, "False False False utf-8 strict\nNone False\n"),
        (StdoutTo.TERMINAL, "True True False utf-8 strict\n(80, 24) False\n"),
        (StdoutTo.UNBUFFERED, "False False True utf-8 strict\nNone False\n"),
    ],
)
def test_stdout_goes_where_it_should(interpreter, stdout_to, expected):
    outcome = run(SAMPLES / "describes_stdout.py", Setting(interpreter, stdout_to=stdout_to))
    assert outcome == Outcome(expected)


@each_interpreter
@pytest.mark.parametrize("method", StartMethod)
def test_each_start_method_is_what_was_asked_for(interpreter, method):
    outcome = run(SAMPLES / "start_method.py", Setting(interpreter, method))
    assert outcome == Outcome(f"{method}\n{method}\n")


@each_interpreter
def test_without_a_start_method_it_is_the_interpreters_default(interpreter):
    default = interpreter.start_methods[0]
    assert run(SAMPLES / "start_method.py", Setting(interpreter)).stdout == f"{default}\n" * 2


@each_interpreter
def test_a_program_that_sets_its_start_method_keeps_it(interpreter):
    setting = Setting(interpreter, StartMethod.FORKSERVER)
    outcome = run(SAMPLES / "sets_start_method.py", setting)
    assert outcome.stdout == "spawn\n"
    assert outcome.stderr.endswith("RuntimeError: context has already been set\n")


@pytest.mark.parametrize("method", StartMethod)
def test_a_sitecustomize_of_the_interpreter_still_runs(tmp_path, method):
    base = Path(sys.executable).resolve()
    own = subprocess.run([base, "-Ic", "import sitecustomize"], check=False, capture_output=True)
    if own.returncode == 0:
        pytest.skip("this Python brings one, as Debian's does, which comes before any other")
    subprocess.run([base, "-m", "venv", "--without-pip", tmp_path], check=True)
    (packages,) = tmp_path.glob("lib/*/site-packages")
    (packages / "sitecustomize.py").write_text("print('the real one', __file__, flush=True)")
    interpreter = replace(THIS.interpreter, path=tmp_path / "bin" / "python")
    program = write(tmp_path, "import multiprocessing\nprint(multiprocessing.get_start_method())")
    outcome = run(program, Setting(interpreter, method))
    assert outcome == Outcome(f"the real one {packages / 'sitecustomize.py'}\n{method}\n")


@pytest.mark.parametrize("method", [None, "other"])
def test_what_is_to_run_before_a_program_does_and_is_told_what_it_asks(tmp_path, method):
    folder = tmp_path / "before"
    folder.mkdir()
    text = "import os\nprint('before', os.environ['WORD'])\n"
    (folder / "sitecustomize.py").write_text(text)
    before = Before(folder, {"WORD": "it"})
    program = write(tmp_path, "print('the program')\n")
    setting = Setting(THIS.interpreter, method and THIS.interpreter.start_methods[1])
    expected = Outcome("before it\nthe program\n")
    assert run(program, setting, before=before) == expected
    assert observe([Job(program, setting, before)], 2) == [{expected: 2}]
    assert run(program, setting) == Outcome("the program\n")


def test_a_start_method_that_the_interpreter_does_not_know_is_refused():
    interpreter = replace(THIS.interpreter, start_methods=(StartMethod.SPAWN,))
    with pytest.raises(CannotRun, match=r"hangs\.py: .* fork; ask for one of spawn"):
        run(SAMPLES / "hangs.py", Setting(interpreter, StartMethod.FORK))


def test_what_children_print_counts():
    outcome = run(SAMPLES / "children_print.py", THIS)
    assert outcome == Outcome("parent\nforked\nsubprocess\n", "forked, stderr\n")


@pytest.mark.parametrize("stdout_to", StdoutTo)
@pytest.mark.parametrize("name", ["leaves_orphan.py", "leaves_orphan_in_own_session.py"])
def test_a_run_waits_for_orphans(name, stdout_to):
    outcome = run(SAMPLES / name, replace(THIS, stdout_to=stdout_to))
    assert outcome == Outcome("the parent\nthe orphan\n")


@pytest.fixture(scope="module")
def all_killed(folder_of_all_runs) -> dict[tuple[str, StdoutTo], Outcome]:
    """Run every program that does not end, all at once: most of the time is theirs to be killed."""

    def kill(name: str, stdout_to: StdoutTo) -> Outcome:
        setting = replace(THIS, stdout_to=stdout_to)
        return killed(SAMPLES / name, setting, lambda stdout: stdout == UNENDED[name])

    jobs = [
        (name, stdout_to) for name in UNENDED for stdout_to in (StdoutTo.PIPE, StdoutTo.TERMINAL)
    ]
    with ThreadPoolExecutor(len(jobs)) as pool:
        outcomes = dict(zip(jobs, pool.map(kill, *zip(*jobs, strict=True)), strict=True))
    assert leftovers(folder_of_all_runs) == []
    return outcomes


@pytest.mark.parametrize("stdout_to", [StdoutTo.PIPE, StdoutTo.TERMINAL])
@pytest.mark.parametrize("name", UNENDED)
def test_a_program_that_does_not_end_is_killed_with_all_its_processes(all_killed, name, stdout_to):
    assert all_killed[name, stdout_to] == Outcome(UNENDED[name], "", None, Ends.UNENDED)


def test_killing_leaves_no_shared_memory():
    program = SAMPLES / "holds_shared_memory.py"
    outcome = killed(program, THIS, lambda stdout: stdout.count("\n") == 2)
    assert outcome.ends is Ends.UNENDED
    names = outcome.stdout.split()
    assert len(names) == 2
    assert not [name for name in names if Path("/dev/shm", name).exists()]


@pytest.mark.parametrize(
    ("name", "stream"), [("floods_stdout.py", "stdout"), ("floods_stderr.py", "stderr")]
)
def test_a_flood_is_stopped(temporary, name, stream):
    with pytest.raises(CannotRun, match=rf"{name}: it wrote more than 1 MiB to {stream}; let it"):
        run(SAMPLES / name, THIS)
    assert leftovers(temporary) == []


def test_a_keeper_serves_again_after_a_flood_and_a_kill():
    with pytest.raises(CannotRun):
        run(SAMPLES / "floods_stdout.py", THIS)
    run(SAMPLES / "hangs.py", THIS, timeout=0.1)
    assert run(SAMPLES / "describes_stdout.py", THIS).exit == 0


def test_the_signal_that_ended_a_program_is_its_status():
    assert run(SAMPLES / "dies_of_a_signal.py", THIS) == Outcome("before\n", "", -signal.SIGSEGV)


@pytest.mark.parametrize("stdout_to", StdoutTo)
def test_bytes_that_are_not_utf8_can_be_read(stdout_to):
    outcome = run(SAMPLES / "not_utf8.py", replace(THIS, stdout_to=stdout_to))
    assert outcome == Outcome("caf\\xe9 café\n", "\\xff\n")


@pytest.mark.parametrize("stdout_to", StdoutTo)
def test_a_program_may_close_its_stdout(stdout_to):
    outcome = run(SAMPLES / "closes_stdout.py", replace(THIS, stdout_to=stdout_to))
    assert outcome == Outcome("before\n", "still here\n", 3)


def test_files_are_written_to_a_folder_that_is_removed(temporary):
    before = sorted(SAMPLES.iterdir())
    assert run(SAMPLES / "writes_files.py", THIS) == Outcome("['a', 'd', 'e'] True True\n")
    assert leftovers(temporary) == []
    assert sorted(SAMPLES.iterdir()) == before


def test_stdin_is_empty():
    outcome = run(SAMPLES / "reads_stdin.py", THIS)
    assert outcome.stdout == "''\n"
    assert outcome.stderr.endswith("EOFError: EOF when reading a line\n")
    assert outcome.exit == 1


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(CannotRun, match=rf"^{re.escape(str(tmp_path))}/gone\.py: there is no such"):
        run(tmp_path / "gone.py", THIS)


@pytest.mark.parametrize("path", ["/gone/python", str(SAMPLES / "hangs.py"), str(SAMPLES)])
def test_an_interpreter_that_cannot_be_started_is_named(path):
    interpreter: Interpreter = replace(THIS.interpreter, path=Path(path))
    with pytest.raises(CannotRun, match=rf"hangs\.py: {re.escape(path)} could not be started \("):
        run(SAMPLES / "hangs.py", Setting(interpreter))


@pytest.fixture
def lacking(tmp_path, monkeypatch):
    """Let the keepers of a test begin with some lines of Python."""

    def lacking(lines):
        script = tmp_path / "keeper.py"
        script.write_text(
            f"{lines}\nimport runpy\nrunpy.run_path({str(keepers.SCRIPT)!r}, None, '__main__')"
        )
        monkeypatch.setattr(keepers, "SCRIPT", script)
        keepers._close_idle()

    yield lacking
    keepers._close_idle()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            "import os\ndef openpty(): raise OSError(19, 'No such device')\nos.openpty = openpty",
            "this machine has no pseudo-terminal to run it on ([Errno 19] No such device); mount",
        ),
        (
            "import tempfile\ntempfile.tempdir = '/gone'",
            "no folder could be made for it ([Errno 2] No such file or directory: '/gone/anyorder-",
        ),
        (
            "import os, pathlib\npathlib.Path.mkdir = lambda _: os.listdir('/dev/null')",
            "no folder could be made for it ([Errno 20] Not a directory: '/dev/null'); let TMPDIR",
        ),
    ],
)
def test_what_the_machine_lacks_is_named(lacking, lines, words):
    lacking(lines)
    with pytest.raises(CannotRun) as refused:
        run(SAMPLES / "says_hello.py", replace(THIS, stdout_to=StdoutTo.TERMINAL))
    assert str(refused.value).startswith(f"{SAMPLES / 'says_hello.py'}: {words}")


def test_a_fork_server_runs_below_a_long_temporary_folder(tmp_path, monkeypatch, lacking):
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    lacking("")
    outcome = run(SAMPLES / "start_method.py", replace(THIS, start_method=StartMethod.FORKSERVER))
    assert (outcome.stderr, outcome.exit) == ("", 0)
    assert list(folder.iterdir()) == []


def test_a_program_that_kills_its_keeper_is_named(temporary):
    with pytest.raises(CannotRun, match=r"kills_its_keeper\.py: the process that kept it was"):
        run(SAMPLES / "kills_its_keeper.py", THIS)
    assert run(SAMPLES / "describes_stdout.py", THIS).exit == 0
    while [left for left in leftovers(temporary) if "kills_its_keeper" in left]:
        os.sched_yield()  # nobody is left to wait for it
    for folder in temporary.iterdir():
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir()
        folder.rmdir()


def test_killing_the_host_kills_the_run(temporary):
    script = f"""
from pathlib import Path
from anyorder.outcomes import Setting
from anyorder.running import run, this_interpreter
run(Path({str(SAMPLES / "leaves_orphans_for_ever.py")!r}), Setting(this_interpreter()), timeout=600)
"""
    host = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 600

    def commands() -> list[str]:
        assert time.monotonic() < deadline
        return [left for left in leftovers(temporary) if "leaves_orphans" in left]

    while len(commands()) != 2:
        os.sched_yield()
    host.kill()
    host.wait()
    while leftovers(temporary):
        assert time.monotonic() < deadline
        os.sched_yield()


def test_leftovers_are_found(temporary):
    """The count that other tests trust in can fail."""
    (temporary / "file").touch()
    environment = {"TMPDIR": str(temporary / "anyorder-x" / "tmp")}
    command = [sys.executable, "-c", "print(flush=True); input()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe) as process:
        process.stdout.readline()  # it is there
        left = leftovers(temporary)
        process.kill()
    (temporary / "file").unlink()
    assert [each.partition(":")[0] for each in left] == [str(temporary / "file"), str(process.pid)]
