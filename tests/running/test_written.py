"""What a run wrote is told from the source lines that Python shows, wherever they have come."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_runs import SAMPLES, run

from anyorder.outcomes import Setting
from anyorder.outcomes.mixed import Written
from anyorder.running import find_interpreters
from anyorder.running.written import as_written

SOURCE = """\
def fail(
    word,
):
    raise ValueError(
        word
    )
fail("x")
"""
FRAMES = """\
Traceback (most recent call last):
  File "{file}", line 7, in <module>
  File "{file}", line 4, in fail
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "program.py"
    path.write_text(SOURCE)
    return str(path)


def test_source_lines_below_their_frame_go(program):
    text = FRAMES.format(file=program) + "ValueError: x\n"
    text = text.replace("<module>\n", '<module>\n    fail("x")\n    ~~~~^^^^^\n')
    text = text.replace("in fail\n", "in fail\n    raise ValueError(\n        word\n    )\n")
    expected = FRAMES.format(file="program.py") + "ValueError: x\n"
    assert as_written(text, program) == Written(expected)


def test_source_lines_elsewhere_are_told(program):
    torn = FRAMES.format(file=program) + '        fail("x")raise ValueError(\n\nValueError: x\n'
    assert as_written(torn, program) == Written(
        FRAMES.format(file="program.py") + '        fail("x")raise ValueError(\n\nValueError: x\n',
        ('fail("x")', "raise ValueError("),
    )


def test_a_line_of_another_frame_stays(program):
    torn = FRAMES.format(file=program).replace("in fail\n", "in fail\n    raise ValueError(\n")
    torn += '    fail("x")\n'
    expected = FRAMES.format(file="program.py") + '    fail("x")\n'
    assert as_written(torn, program) == Written(expected, ('fail("x")',))


def test_lines_that_are_left_out_are_counted(program):
    text = f'  File "{program}", line 1, in f\n    def fail(\n    ...<4 lines>...\n        )\n'
    assert as_written(text, program) == Written('  File "program.py", line 1, in f\n')


def test_frames_of_others_go_with_their_lines(program):
    other = Path(program).with_name("library.py")
    other.write_text("self.run()\n")
    text = f'between  File "{other}", line 1, in run\n    self.run()\n:\n'
    assert as_written(text, program) == Written("between:\n")
    text = f'between  File "{other}", line 1, in run\n    after\nself.run()\n:\n'
    assert as_written(text, program) == Written(
        "between    after\nself.run()\n:\n", ("self.run()",)
    )


def test_a_file_that_is_not_there_shows_nothing(program):
    assert as_written('  File "<string>", line 1, in f\nValueError\n', program) == Written(
        "ValueError\n"
    )


@pytest.mark.parametrize("interpreter", find_interpreters()[0], ids=lambda each: each.name)
@pytest.mark.parametrize("name", ["raises_chain", "raises_group", "raises_in_thread"])
def test_what_no_other_thread_wrote_into_is_as_it_is(interpreter, name):
    """Nothing is elsewhere then, and all that is left is what an outcome has."""
    outcome = run(SAMPLES / f"{name}.py", Setting(interpreter))
    assert outcome.written == Written(outcome.stderr)
