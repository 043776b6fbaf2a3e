"""A test that hangs is ended, and it is said where it does."""

import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = Path(__file__).parents[1] / "pyproject.toml"
HANGS = """\
import threading
def test_waits():
    threading.Event().wait(30)
"""


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="it only says where, up to pytest 8")
def test_a_test_that_hangs_fails_where_it_does(tmp_path):
    path = tmp_path / "test_it.py"
    path.write_text(HANGS, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", f"--config-file={SETTINGS}", f"--rootdir={tmp_path}"),
            *("-p", "no:cacheprovider", "--override-ini=faulthandler_timeout=1", str(path)),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode == 1
    assert "passed" not in done.stdout
    assert f'File "{path}", line 3 in test_waits' in done.stderr
