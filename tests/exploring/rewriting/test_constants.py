"""What Python computes of constants as it compiles, and which of them are one object then."""

from __future__ import annotations

import subprocess
import sys

import pytest

ONE_OBJECT = [
    "60 * 60 is 3600", "256 + 1 is 257", "2 ** 10 is 1024", "'ab' * 2 is 'abab'", "1.5 * 2 is 3.0",
    "(1, 2) + (3,) is (1, 2, 3)", "(1, 2 * 300) is (1, 600)", "1 + 2j is 1 + 2j", "-1000 is -1000",
    "'hello'[1] is 'e'", "'hello'[0:3] is 'hel'", "~5000 is -5001", "(7000, 8)[0] is 7000",
    "b'ab'[0] is 97", "'%d' % 5000 is '5000'", "'a' + f'b' is 'ab'",
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*is.*with.*literal:SyntaxWarning")
def test_constants_are_the_objects_that_they_are_to_python(explored, tmp_path):
    source = "".join(f"print({one})\n" for one in ONE_OBJECT)
    source += "def f(): return 60 * 60\nprint(f() is f())\n"
    program = tmp_path / "constants.py"
    program.write_text(source, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", program]
    real = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    [only] = explored(source).outcomes
    assert only.outcome.stdout == real
    assert "True" in real


def test_what_fails_of_constants_fails_where_it_stands(explored):
    [only] = explored(
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    print(error)"
    ).outcomes
    assert only.outcome.stdout == "division by zero\n"
