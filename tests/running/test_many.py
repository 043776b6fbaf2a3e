"""Many runs side by side: counted by outcome, stopped when there is no more to learn."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

import pytest
from real_runs import SAMPLES, leftovers, observe, run

from anyorder.outcomes import Ends, Outcome, Setting, StdoutTo
from anyorder.running import CannotRun, Job, keepers, this_interpreter

THIS = Setting(this_interpreter())
ORPHAN = Job(SAMPLES / "leaves_orphan.py", THIS)
BYTES = Job(SAMPLES / "not_utf8.py", replace(THIS, stdout_to=StdoutTo.TERMINAL))
HANGS = Job(SAMPLES / "ignores_sigterm.py", THIS)


def test_outcomes_are_counted_for_each_job_in_order():
    seen = []
    counts = observe([ORPHAN, BYTES], 5, on_run=lambda *run: seen.append(run))
    orphan, bytes_ = Outcome("the parent\nthe orphan\n"), Outcome("caf\\xe9 café\n", "\\xff\n")
    assert counts == [Counter({orphan: 5}), Counter({bytes_: 5})]
    assert Counter(seen) == {(ORPHAN, orphan): 5, (BYTES, bytes_): 5}


def test_different_outcomes_are_kept_apart(tmp_path):
    program = tmp_path / "either.py"
    program.write_text("import os\nprint(os.getpid())\n")
    (counts,) = observe([Job(program, THIS)], 3)
    assert sorted(counts.values()) == [1, 1, 1]


def test_no_runs_are_no_outcomes():
    assert observe([ORPHAN], 0) == [Counter()]
    assert observe([], 5) == []


def test_twenty_runs_that_do_not_end_are_enough():
    seen = []
    counts = observe([HANGS, BYTES], 30, timeout=0.02, on_run=lambda *run: seen.append(run))
    assert counts[0] == {Outcome("", "", None, Ends.UNENDED): 20}
    assert counts[1].total() >= 20
    assert (
        len(seen) == 60
    )  # those that were not needed too, so that a progress bar comes to its end
    assert (HANGS, None) in seen


def test_a_job_that_cannot_be_run_stops_the_others(temporary):
    flood = Job(SAMPLES / "floods_stdout.py", THIS)
    with pytest.raises(CannotRun, match=r"floods_stdout\.py"):
        observe([HANGS, flood, HANGS], 5)
    assert leftovers(temporary) == []


def test_an_interrupt_stops_all(temporary):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        observe([BYTES, HANGS, HANGS], 5, on_run=interrupt)
    assert leftovers(temporary) == []
    assert observe([BYTES], 1)[0].total() == 1


# from 3.12 on a fork beside threads warns; those here are pytest-xdist's
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_does_not_speak_through_its_parents_keepers():
    """Sphinx reads documents in forked processes."""
    keepers._close_idle()
    run(BYTES.program, BYTES.setting)
    (keeper,) = keepers._idle
    pid = os.fork()
    if pid == 0:
        same = keeper in keepers._idle or keeper._answers.readline() != b""
        os._exit(3 if same or run(BYTES.program, BYTES.setting).exit else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert keepers._idle == [keeper]
    assert run(BYTES.program, BYTES.setting).exit == 0
