"""Measures where CPython with a GIL hands it over: ``nox -s probe`` runs it on each Python found.

    python probe.py RECORD [--again] [WORD...]

It is a script of its own: it needs nothing but the Python that runs it, and the probes that stand
beside it. What has been recorded of this very Python and of a probe as it is now is kept, so that
it goes on where it was stopped; with words, only kinds that have one of them in their name are
measured.

One thread carries out the probes. Another one wants the GIL all the time, and does nothing with it
but write down in ``mark`` that it was there. A probe writes ``mark = me``, carries out what it is
for, and looks whether ``mark`` is still its own: if not, the other thread ran in between. Nothing
else that it does has a switch point, which a probe with nothing in between holds it to.

Python looks only at its switch points whether somebody wants the GIL, so that it has to be wanted
*before* a place is come by. A waiting thread says that it wants it once the switch interval is over
and the system has woken it. So a function sleeps a while before its first probe, with the GIL kept,
in a single step that has no switch point. At its end it calls a function of Python, where the GIL
is handed over for certain if it is wanted. What has seen no switch by then, at that place neither,
is not counted: nobody may have asked.

Python changes code while it runs: a call that has been carried out a few times is *specialised*,
and no longer hands over what it did when it was *cold*, or does from then on. So every function is
made anew from its bytes before it is run, with many copies of a probe in it, none of which has ever
been run. Functions that have been run before (*warm*) are probed too, in a smaller number.

The machine may be busy with other work, which delays the other thread, and makes this slow; as root
``chrt -f 1`` helps, for one Python at a time.
"""

from __future__ import annotations

import ctypes
import json
import marshal
import sys
import threading
import time
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from textwrap import indent
from types import FunctionType

from probes import KINDS

COPIES = 50  # of a probe in a function
ENOUGH = 300  # switches after which a place is known to be one
NEVER = 200_000  # rounds without a switch after which a place counts as none
CAREFUL = 3 * NEVER  # the same of places on which much stands
SLEPT = 2_000  # rounds where each has a function of its own, since each has to sleep
WARM = NEVER // 10  # rounds in code that has been run before
HEATS = (1, 2, 4, 8, 16, 32)  # times that it has been run: no Python waits longer to specialise it
RUNS = 10  # of such a function
PATIENCE = 20  # seconds after which a probe is left with the rounds that it has

# what probes need: what hands over if anybody asks for that, and an object with attributes
PRELUDE = """
def ask():
    global asked
    asked = asked or mark is not me
class Slots:
    __slots__ = ("s",)
class Thing(Slots):
    y = 0
"""


def copies_of(probe):
    """Return how many copies of a probe are in a function: one, if it sleeps by itself.

    It does where another switch point comes before the place or after it, which would hand over
    what is asked for.
    """
    text = probe.before + probe.code
    return 1 if "sleeps[" in text or "ask()" in text else COPIES


def source(probe, copies=None):
    """Return the text of a function, or a module, with as many copies of a probe as it has."""
    copies = range(copies_of(probe) if copies is None else copies)
    lines = [probe.before.replace("_N", f"_{number}") for number in copies]
    lines.append("sleeps[pause]\n")
    lines += [probe.code.replace("_N", f"_{number}") for number in copies]
    lines.append("mark = me\nask()\n")
    if probe.module:
        return "".join(lines)
    return "def probe():\n" + indent("global mark, seen\n" + "".join(lines), "    ")


def digest(probe):
    """Return what a record of a probe is known by."""
    return sha256(f"{probe.module}\n{source(probe)}".encode()).hexdigest()[:16]


class Sleeps:
    """Sleeps as many microseconds as an item is asked for, without letting the GIL go."""

    __getitem__ = ctypes.PyDLL(None).usleep


class Bench:
    """Where probes are carried out, beside a thread that wants the GIL."""

    def __init__(self):
        self.world = {"me": "me", "mark": None, "pause": 60, "__name__": "probes"}
        self.world["sleeps"] = Sleeps()
        exec(PRELUDE, self.world)
        self.over = False
        self.other = threading.Thread(target=self.want, daemon=True)

    def __enter__(self):
        sys.setswitchinterval(1e-6)
        self.other.start()
        self.calibrate()
        return self

    def __exit__(self, *_):
        self.over = True
        self.other.join()

    def want(self):
        """Take the GIL whenever it is to be had, and note it."""
        world = self.world
        while not self.over:
            world["mark"] = "other"

    def calibrate(self):
        """Find how long it takes until the other thread wants the GIL."""
        for _ in range(8):
            asked = 0
            function = self.maker(KINDS["nothing at all"].probes["nothing"])
            for _ in range(100):
                asked += self.run(function())[1]
            if asked >= 95:
                return
            self.world["pause"] *= 2

    def maker(self, probe):
        """Return what makes the function of a probe, each time anew from its bytes."""
        code = compile(source(probe), "probe", "exec")
        if not probe.module:
            [code] = [one for one in code.co_consts if hasattr(one, "co_code")]
        blob = marshal.dumps(code)
        return lambda: FunctionType(marshal.loads(blob), self.world)

    def run(self, function):
        """Run a function, and return how many switches it saw, and whether one was asked for."""
        world = self.world
        world["seen"], world["asked"] = 0, False
        function()
        return world["seen"], world["asked"]

    def cold(self, probe, wanted):
        """Return the rounds and switches in code that has never been run."""
        make, rounds, switches, copies = self.maker(probe), 0, 0, copies_of(probe)
        end = time.monotonic() + PATIENCE
        while rounds < wanted and time.monotonic() < end:
            if switches >= ENOUGH:
                break
            seen, asked = self.run(make())
            if seen or asked:
                rounds += copies
                switches += seen
        if not rounds:  # a probe of which this is so has to sleep by itself
            sys.exit(f"a switch point beside this place takes what is asked for:\n{probe.code}")
        return rounds, switches

    def warm(self, probe):
        """Return the rounds and switches in code that has been run before, rarely or often."""
        make, rounds, switches, copies = self.maker(probe), 0, 0, copies_of(probe)
        end = time.monotonic() + PATIENCE
        for heat in cycle(HEATS):
            if rounds >= WARM * copies // COPIES or time.monotonic() > end:
                return rounds, switches
            function = make()
            pause, self.world["pause"] = self.world["pause"], 0
            for _ in range(heat):
                function()
            self.world["pause"] = pause
            for _ in range(RUNS):
                seen, asked = self.run(function)
                if seen or asked:
                    rounds += copies
                    switches += seen
        return None


def wanted_of(kind, probe):
    """Return how many rounds without a switch are enough."""
    wanted = CAREFUL if kind.careful else NEVER
    return wanted // NEVER * SLEPT if copies_of(probe) == 1 else wanted


def enough(kind, probe, record):
    """Tell whether a record says something: a switch was seen, or none in rounds enough."""
    seen = record["switches"] or record["warm_switches"]
    return seen or (
        record["rounds"] >= wanted_of(kind, probe)
        and record["warm_rounds"] >= WARM * copies_of(probe) // COPIES
    )


def measured(bench, kind, probe):
    """Return the record of one probe."""
    rounds, switches = bench.cold(probe, wanted_of(kind, probe))
    warm_rounds, warm_switches = bench.warm(probe)
    return {
        "probe": digest(probe),
        "rounds": rounds,
        "switches": switches,
        "warm_rounds": warm_rounds,
        "warm_switches": warm_switches,
    }


def known(path, python):
    """Return what has been recorded of this very Python."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return record["kinds"] if record["python"] == python else {}


def main():
    """Measure what is not recorded yet."""
    path, *words = sys.argv[1:]
    path = Path(path)
    again = "--again" in words
    words = [word for word in words if word != "--again"]
    if hasattr(sys, "_is_gil_enabled") and not sys._is_gil_enabled():
        sys.exit(f"{sys.executable} has no GIL")
    python = " ".join(sys.version.split())
    record = known(path, python)
    with Bench() as bench:
        for name, kind in KINDS.items():
            if words and not any(word in name for word in words):
                continue
            for label, probe in kind.probes.items():
                if sys.version_info < probe.since:
                    continue
                old = record.get(name, {}).get(label, {})
                if not again and old.get("probe") == digest(probe) and enough(kind, probe, old):
                    continue
                began = time.monotonic()
                new = measured(bench, kind, probe)
                record.setdefault(name, {})[label] = new
                save(path, python, record)
                print(
                    f"{sys.version_info[0]}.{sys.version_info[1]} {name}: {label}:"
                    f" {new['switches']} in {new['rounds']},"
                    f" warm {new['warm_switches']} in {new['warm_rounds']}"
                    f" ({time.monotonic() - began:.1f} s)",
                    flush=True,
                )
    save(path, python, record)


def save(path, python, record):
    """Write down what has been measured, a line a probe, in their order; what is no probe goes."""
    kinds = []
    for name, kind in KINDS.items():
        known = [label for label in kind.probes if label in record.get(name, {})]
        lines = [f"   {json.dumps(each)}: {json.dumps(record[name][each])}" for each in known]
        if lines:
            kinds.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n  }")
    text = f'{{\n "python": {json.dumps(python)},\n "kinds": {{\n' + ",\n".join(kinds) + "\n }\n}\n"
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    main()
