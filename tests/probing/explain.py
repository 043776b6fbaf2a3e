"""Prints as JSON, of each probe, the instructions that Python carries out between its two marks.

    python explain.py

A script of its own, as the probe: any Python runs it. What is printed holds for this one.
"""

from __future__ import annotations

import dis
import json
import sys

from probe import PRELUDE, Sleeps, source
from probes import KINDS

MARKS = ("LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "STORE_NAME")


class Tracer:
    """Notes what is carried out in the place of a probe."""

    def __init__(self):
        self.names = {}
        self.inside = False
        self.seen = []

    def instruction(self, frame):
        """Return the name of the instruction that a frame is at, and its argument."""
        code = frame.f_code
        if code not in self.names:
            self.names[code] = {one.offset: one for one in dis.get_instructions(code)}
        one = self.names[code][frame.f_lasti]
        return one.opname, one.argval

    def called(self, frame, event, _argument):
        """Follow each instruction of a frame that begins or goes on."""
        if frame.f_code.co_name == "ask":
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        frame.f_trace = self.followed  # from 3.13 on this is what has instructions followed
        if event == "call" and self.inside:
            name, argument = self.instruction(frame)
            # a frame that an exception is sent to does not come by where it would go on
            if name == "RESUME":
                self.seen.append(f"{name} {argument & 3}")
        return self.followed

    def followed(self, frame, event, _argument):
        """Note an instruction, or that the place begins or ends."""
        if event != "opcode":
            return self.followed
        name, argument = self.instruction(frame)
        if frame.f_code.co_filename == "probe" and argument == "mark" and name in MARKS:
            self.inside = name.startswith("STORE")
            if self.inside:
                self.seen.clear()
            else:
                self.notes += self.seen
        elif self.inside and name != "RESUME":
            self.seen.append(name)
        return self.followed

    def explain(self, probe):
        """Return the names of the instructions in the place of a probe, each once."""
        world = {"me": "me", "mark": None, "pause": 0, "sleeps": Sleeps(), "__name__": "probes"}
        world |= {"seen": 0, "asked": False}
        exec(PRELUDE, world)
        exec(compile(source(probe, 1), "probe", "exec"), world)
        self.notes, self.inside = [], False
        self.seen.clear()
        if probe.module:
            code = compile(source(probe, 1), "probe", "exec")
            sys.settrace(self.called)
            exec(code, world)
        else:
            sys.settrace(self.called)
            world["probe"]()
        sys.settrace(None)
        return sorted(set(self.notes))


def main():
    """Explain each probe that this Python knows."""
    tracer = Tracer()
    explained = {
        name: {
            label: tracer.explain(probe)
            for label, probe in kind.probes.items()
            if sys.version_info >= probe.since
        }
        for name, kind in KINDS.items()
    }
    json.dump(explained, sys.stdout)


if __name__ == "__main__":
    main()
