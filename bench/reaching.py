"""What it costs to say what builds with a GIL can reach: at most a tenth of exploring.

Run it as a script. It explores programs in turns with all that this takes and without: without
the blocks of each execution, and without looking who asks for each event. What the rewritten code
notes of switch points on its way stays in both, and is counted apart, by how often it is called.
Exploring is all that ``explore`` does: it reads the program, searches, and tells the first
witnesses.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from exploring import LONG, LOST_UPDATE

from anyorder.exploring import explore
from anyorder.exploring.accesses.loud import Loud
from anyorder.exploring.engine.machine import Machine
from anyorder.exploring.explorer import Explorer
from anyorder.exploring.search.reaching import Reaching
from anyorder.exploring.search.traces import Blocks
from anyorder.exploring.versions import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.outcomes import Outcome, StdoutTo

    Ends = dict[StdoutTo, Outcome]

EXAMPLES = Path(__file__).parents[1] / "src/examples"
PROGRAMS = ["shared-state/three_clerks.py", "two-ways/second_thread.py"]
SECONDS = 20  # for each program: the smallest takes many rounds until both were once undisturbed
MOST = 0.1


@contextmanager
def left_out() -> Iterator[None]:
    """Leave out what says what can be reached: all can."""
    kept = Reaching.note, Machine.asked_by_program

    def note(
        self: Reaching, _machine: object, _pasts: object, _events: object, ends: Ends
    ) -> Blocks:
        self.masks |= {outcome: [ALL] * len(self.modes) for outcome in ends.values()}
        return Blocks(0, 0)

    Reaching.note = note  # type: ignore[assignment, method-assign]
    Machine.asked_by_program = lambda *_: True  # type: ignore[method-assign]
    try:
        yield
    finally:
        Reaching.note, Machine.asked_by_program = kept  # type: ignore[method-assign]


def busy(program: Path) -> float:
    """Return for how many seconds a processor is busy with exploring a program."""
    began = time.process_time()
    for _ in range(3):
        explore(program)
    return time.process_time() - began


def points(program: Path) -> float:
    """Return for how many seconds a processor is busy with noting switch points on the way."""
    calls = 0

    def counted(self: Loud, versions: int) -> None:
        nonlocal calls
        calls += 1
        self.machine.current.cut |= versions

    kept, Loud.point = Loud.point, counted  # type: ignore[method-assign]
    try:
        explorer = Explorer(program, None, None, 100_000, None)
        explorer.search()
    finally:
        Loud.point = kept  # type: ignore[method-assign]
    loud = Loud(explorer.program().accesses.objects)
    began = time.process_time()
    for _ in range(calls * 3):
        loud.point(1)
    return time.process_time() - began


def main() -> None:
    """Measure, print and judge."""
    kept = True
    with TemporaryDirectory() as folder:
        made = {"lost update": LOST_UPDATE.format(count=4), "long": LONG.format(rounds=25)}
        paths = [EXAMPLES / name for name in PROGRAMS]
        for name, source in made.items():
            paths.append(Path(folder, f"{name}.py"))
            paths[-1].write_text(source, encoding="utf-8")
        for path in paths:
            busy(path)  # whatever the first of all makes once
            whole, bare = [], []
            until = time.perf_counter() + SECONDS
            while time.perf_counter() < until:
                whole.append(busy(path))
                with left_out():
                    bare.append(busy(path))
            noted = points(path)
            part = 1 - (min(bare) - noted) / min(whole)
            kept = kept and part <= MOST
            print(
                f"{path.name}: {part:.1%} of exploring says what can be reached ({min(whole):.3f} "
                f"s, {min(bare):.3f} s without, {noted:.3f} s of that for switch points)"
            )
    sys.exit(0 if kept else f"more than {MOST:.0%} for what can be reached")


if __name__ == "__main__":
    main()
