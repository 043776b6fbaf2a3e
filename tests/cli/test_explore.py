"""``anyorder explore`` shows every outcome, or says that it does not."""

import json
import subprocess
import sys

CROSSED = """\
from threading import Lock, Thread

fork, knife = Lock(), Lock()


def eat(first, second):
    with first, second:
        print("eaten")


Thread(target=eat, args=[fork, knife]).start()
Thread(target=eat, args=[knife, fork]).start()
"""


def test_the_whole_set_is_shown_with_a_schedule(anyorder, write):
    write("crossed.py", CROSSED)
    done = anyorder("explore", "crossed.py")
    assert done.returncode == 0
    assert "crossed.py: every outcome: 2, from 3 executions" in done.stdout
    assert "deadlock" in done.stdout
    assert "A schedule that leads to outcome 2:" in done.stdout
    assert "Thread-1 (eat) waits for knife" in done.stdout


def test_a_part_of_the_set_is_never_called_the_whole(anyorder, write):
    write("crossed.py", CROSSED)
    done = anyorder("explore", "crossed.py", "--max-executions", "1")
    assert "NOT every outcome (stopped after 1 executions)" in " ".join(done.stdout.split())
    found = json.loads(anyorder("explore", "crossed.py", "--max-executions", "1", "--json").stdout)
    assert found["complete"] is False
    assert found["executions"] == 1


def test_what_cannot_be_simulated_is_refused_by_name_and_line(anyorder, write):
    write("web.py", "import threading\nimport socket\n\nsocket.socket()\n")
    done = anyorder("explore", "web.py")
    assert done.returncode == 2
    assert "web.py:2: the module socket cannot be simulated" in done.stderr


def test_the_other_commands_need_no_greenlet():
    code = "import sys; sys.modules['greenlet'] = None; import anyorder.cli, anyorder.sphinx"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
