"""A long search says on a terminal how far it is, and nowhere else."""

import os
import pty
import subprocess
import sys

import pytest
from small_programs import LOST_UPDATE, LOST_UPDATE_OUTCOMES

pytest.importorskip("greenlet")

# each execution counts as a long one
IMPATIENT = (
    "from anyorder.checking import exploration; exploration.PATIENCE = 0; "
    "from anyorder.cli.main import main; main()"
)
HOW_FAR = "executions, 2 outcomes so far, 0 more planned"


@pytest.fixture
def on_terminal(tmp_path):
    """Run the command with standard error on a terminal, and return what that shows."""
    (tmp_path / "lost.py").write_text(LOST_UPDATE)
    (tmp_path / "lost.toml").write_text(LOST_UPDATE_OUTCOMES)

    def run(*words, **changed):
        ours, theirs = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        environment |= {"XDG_CACHE_HOME": str(tmp_path), "COLUMNS": "200", "TERM": "xterm"}
        with os.fdopen(ours, "rb", buffering=0) as screen:
            subprocess.run(
                [sys.executable, "-c", IMPATIENT, *words],
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.DEVNULL,
                **({"stderr": theirs} | changed),
                check=True,
                timeout=600,
            )
            os.write(theirs, b"<end>")
            shown = b""
            while not shown.endswith(b"<end>"):
                shown += screen.read(4096)
        os.close(theirs)
        return shown.decode()

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explore", "lost.py"], f"3 {HOW_FAR}"),
        (["check", "lost.py", "--runs=1"], f"exploring lost.py: 3 {HOW_FAR}"),
        (["accept", "lost.py", "--runs=1"], f"exploring lost.py: 3 {HOW_FAR}"),
    ],
)
def test_a_long_search_says_how_far_it_is(on_terminal, words, said):
    assert said in on_terminal(*words)


def test_a_pipe_is_told_nothing(on_terminal, tmp_path):
    with (tmp_path / "errors").open("wb") as errors:
        on_terminal("check", "lost.py", "--runs=1", stderr=errors)
    assert (tmp_path / "errors").read_text() == ""
