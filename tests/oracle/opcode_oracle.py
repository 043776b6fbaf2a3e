"""What a program with threads can print, as Python itself shows it: the explorer has no part in it.

The program runs in real threads, of which one runs at a time. Before each opcode of its code the
turn may pass to another thread. ``threading``, ``queue`` and ``concurrent.futures`` are Python's
own source, loaded anew for each run over a ``_thread`` whose locks pass the turn on. Time is
virtual: what waits for a time may go on before or after what it waits for.

What comes out can happen. What does not come out may still be possible, unless all schedules have
been gone through. Within one operation written in C nothing switches, but where it calls back.

It is a process of its own, which answers each line of JSON with one; ``Oracle`` is how to ask.
"""

import _thread
import builtins
import contextvars
import dis
import gc
import importlib.util
import json
import os
import random
import sys
import traceback
import types
from collections import Counter
from functools import partial

from stand_for import Abort, fake_os, fake_thread, fake_time

NAME = "program.py"
MOST_OPCODES = 20_000  # of one run, before it is taken for one that never ends
LONGEST_END = 10  # seconds until the threads of a run that is over must have gone
PRIVATE = {
    "_threading_local",
    "concurrent.futures",
    "concurrent.futures._base",
    "concurrent.futures.thread",
    "functools",
    "queue",
    "threading",
}
# opcodes that touch nothing but their own frame: to switch before one is to switch before the next
OWN = {
    "CACHE", "COPY", "COPY_FREE_VARS", "END_FOR", "EXTENDED_ARG", "JUMP_BACKWARD",
    "JUMP_BACKWARD_NO_INTERRUPT", "JUMP_FORWARD", "KW_NAMES", "LOAD_CLOSURE",
    "LOAD_COMMON_CONSTANT", "LOAD_CONST", "LOAD_FAST", "LOAD_FAST_AND_CLEAR", "LOAD_FAST_BORROW",
    "LOAD_FAST_BORROW_LOAD_FAST_BORROW", "LOAD_FAST_CHECK", "LOAD_FAST_LOAD_FAST", "LOAD_SMALL_INT",
    "MAKE_CELL", "MAKE_FUNCTION", "NOP", "NOT_TAKEN", "POP_ITER", "POP_TOP", "PRECALL",
    "PUSH_EXC_INFO", "PUSH_NULL", "RESUME", "SET_FUNCTION_ATTRIBUTE", "STORE_FAST",
    "STORE_FAST_LOAD_FAST", "STORE_FAST_STORE_FAST", "SWAP",
}  # fmt: skip


class Worker:
    """A thread of the program."""

    def __init__(self, number):
        self.number = number
        self.turn = _thread.allocate_lock()  # free while it is this thread's turn
        self.turn.acquire()
        self.gone = _thread.allocate_lock()  # free once its real thread is done with the run
        self.gone.acquire()
        self.ready = None  # while it waits: says whether it can go on
        self.may_give_up = False  # it waits for a time only
        self.lock = None  # that it waits for
        self.ended = False
        self.unseen = 0  # above zero: what it does is no part of the program
        self.calling = None  # what stands for C that it has called, and from where
        self.on_end = []
        self.opcodes = 0

    def can_run(self):
        """Whether it can go on."""
        return not self.ended and (self.ready is None or self.may_give_up or self.ready())


class AtRandom:
    """Chooses whose turn it is: at each point with a probability, or at a few points by rank."""

    def __init__(self, seed, length):
        self.random = random.Random(seed)
        self.chance = self.random.choice([0.01, 0.05, 0.1, 0.2, 0.4, 0.7])
        self.changes = set()
        if self.random.random() < 0.5:  # by rank: who is highest runs, until it is put last
            self.chance = None
            self.changes = {
                self.random.randrange(length) for _ in range(self.random.randrange(1, 5))
            }
        self.ranks = {}
        self.lowest = 0.0
        self.points = 0

    def choose(self, current, able):
        """Return who goes on; ``current`` is among ``able`` where it could."""
        self.points += 1
        patient = [one for one in able if one.ready is None or one.ready()]
        if patient and self.random.random() < 0.7:
            able = patient  # what gives up waiting does so more seldom
        if self.chance is not None:
            if current in able and self.random.random() >= self.chance:
                return current
            return self.random.choice(able)
        if self.points in self.changes:
            self.lowest -= 1
            self.ranks[current.number] = self.lowest
        for one in able:
            self.ranks.setdefault(one.number, self.random.random())
        return max(able, key=lambda one: self.ranks[one.number])


class InTurn:
    """Goes through all schedules with few preemptions, one a run."""

    def __init__(self, preemptions):
        self.preemptions = preemptions
        self.path = []  # of each choice: how many there were, and which was taken
        self.begin()

    def begin(self):
        """Begin a run."""
        self.at = 0
        self.left = self.preemptions

    def choose(self, current, able):
        """Return who goes on: as planned, and then without a preemption."""
        first = [current] if current in able else []
        able = first + [one for one in able if one is not current]
        cost = 1 if first and current.opcodes else 0  # before its first opcode it is none
        count = len(able) if self.left >= cost else 1
        if self.at == len(self.path):
            self.path.append([count, 0])
        taken = self.path[self.at][1]
        self.at += 1
        if taken:
            self.left -= cost
        return able[taken]

    def next(self):
        """Plan the next schedule; false where there is none."""
        while self.path and self.path[-1][1] + 1 == self.path[-1][0]:
            self.path.pop()
        if not self.path:
            return False
        self.path[-1][1] += 1
        self.begin()
        return True


class Text:
    """Where a run writes to."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, run, pieces, *, switches=False):
        self.run, self.pieces, self.switches = run, pieces, switches

    def write(self, text):
        """Write a piece; where a run switches, another thread may go on before."""
        if text:
            if self.switches:
                self.run.point()
            if self.run.over is None:
                self.pieces.append(text)
        return len(text)

    def writelines(self, lines):
        """Write pieces one by one."""
        for line in lines:
            self.write(line)

    def flush(self):
        """Do nothing: what is written is kept at once."""

    def isatty(self):
        """Whether it is a terminal."""
        return False


class Code:
    """A program's code, or a module's, with what tells of its opcodes."""

    def __init__(self, code, every):
        self.code = code
        self.own = {}
        if not every:
            for one in nested(code):
                self.own[one] = {
                    place.offset for place in dis.get_instructions(one) if place.opname in OWN
                }
        if sys.version_info >= (3, 12):
            for one in nested(code):
                sys.monitoring.set_local_events(
                    sys.monitoring.DEBUGGER_ID, one, sys.monitoring.events.INSTRUCTION
                )

    def skips(self, code, offset):
        """Whether an opcode is no place to switch at."""
        return code in self.own and offset in self.own[code]


def nested(code):
    """Yield a code object and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from nested(constant)


class Run:
    """One run of a program."""

    now = None  # the one that goes on: monitoring is the whole interpreter's

    def __init__(self, code, choices, within=()):
        self.code, self.choices = code, choices
        self.within = {name: source_of(name)[1] for name in within}
        self.files = {NAME, *(code.co_filename for code in self.within.values())}
        self.main = Worker(0)
        self.workers = [self.main]
        self.by_ident = {_thread.get_ident(): self.main}
        self.over = None
        self.opcodes = 0
        self.clock = 1000.0
        self.stdout, self.stderr = [], []
        self.modules = {"_thread": fake_thread(self), "time": fake_time(self), "os": fake_os()}
        self.builtins = {**vars(builtins), "__import__": self.imported}
        self.lent = {}  # of modules that the next run gets too, what was in them at first

    # -- whose turn it is ----------------------------------------------------------------------

    def me(self):
        """Return the thread whose turn it is."""
        return self.by_ident[_thread.get_ident()]

    def opcode(self, code, offset):
        """Let another thread go on before an opcode of the program, perhaps."""
        if self.over is not None:
            raise Abort
        if len(self.workers) > 1:
            self.me().opcodes += 1
        self.opcodes += 1
        if self.opcodes > MOST_OPCODES:
            self.stop("never")
        if not self.code.skips(code, offset):
            self.point()

    def trace(self):
        """Let this thread tell of each opcode."""
        traced(self)

    def point(self):
        """Let another thread go on, perhaps."""
        if self.over is not None:
            raise Abort
        able = [one for one in self.workers if one.can_run()]
        if len(able) > 1:
            current = self.me()
            self.pass_to(current, self.choices.choose(current, able))

    def pass_to(self, current, other):
        """Let another thread go on, until it is this one's turn again."""
        if other is not current:
            other.turn.release()
            current.turn.acquire()
        if self.over is not None:
            raise Abort

    def wait(self, ready, *, may_give_up=False, lock=None):
        """Wait until something holds, or perhaps give up; return whether it holds.

        Where it is a lock that is waited for, that may be handed over meanwhile (see ``let_go``).
        """
        current = self.me()
        if self.over is not None:
            raise Abort
        if ready():
            return True
        current.ready, current.may_give_up, current.lock = ready, may_give_up, lock
        able = [one for one in self.workers if one.can_run()]
        if not able:
            self.stop("deadlock")
        self.pass_to(current, able[0] if len(able) == 1 else self.choices.choose(current, able))
        current.ready, current.may_give_up = None, False
        handed, current.lock = lock is not None and current.lock is None, None
        return handed or ready()

    def stop(self, why):
        """End the run: every thread aborts where it is."""
        self.over = why
        for one in self.workers:
            if one is not self.me() and not one.ended and one.turn.locked():
                one.turn.release()
        raise Abort

    def end(self, worker):
        """Let the others go on now that a thread has ended."""
        worker.ended = True
        for done in worker.on_end:
            done()
        if self.over is not None:
            return
        able = [one for one in self.workers if one.can_run()]
        if able:
            other = able[0] if len(able) == 1 else self.choices.choose(worker, able)
            other.turn.release()
        elif any(not one.ended for one in self.workers):
            try:
                self.stop("deadlock")
            except Abort:
                return

    def start(self, function, args=(), kwargs=None, on_end=()):
        """Start a thread, whose turn it is not yet."""
        worker = Worker(len(self.workers))
        worker.on_end.extend(on_end)

        def boot():
            self.by_ident[_thread.get_ident()] = worker
            worker.turn.acquire()
            self.trace()
            try:
                if self.over is None:
                    function(*args, **(kwargs or {}))
            except (Abort, SystemExit):
                pass
            except BaseException as error:  # noqa: BLE001 - as a thread does
                self.complain(error)
            finally:
                sys.settrace(None)
                self.end(worker)
                worker.gone.release()

        self.workers.append(worker)
        _thread.start_new_thread(boot, ())
        return worker

    def complain(self, error):
        """Write of an error that nobody caught."""
        if self.over is None:  # by the interpreter, which before 3.12 alone has "Did you mean"
            sys.__excepthook__(type(error), error, error.__traceback__)

    # -- modules -------------------------------------------------------------------------------

    def imported(self, name, variables=None, _=None, names=(), level=0):
        """Import as the program, or a module of its run, does."""
        if level:
            name = importlib.util.resolve_name("." * level + name, variables["__package__"])
        private = name in PRIVATE or name in self.modules or name == "concurrent"
        private = private or name in self.within
        if name == "functools" and (variables or {}).get("__name__") != "__main__":
            private = False  # the library asks for nothing of it that waits
        if not private:
            if name == "_queue":
                raise ImportError(name)
            module = builtins.__import__(name, variables, _, names or (), 0)
            if (variables or {}).get("__name__") == "__main__" and module not in self.lent:
                self.lent[module] = dict(vars(module))
            return module
        self.load(name)
        for one in names or ():
            if f"{name}.{one}" in PRIVATE:
                self.load(f"{name}.{one}")
        return self.modules[name if names else name.partition(".")[0]]

    def load(self, name):
        """Load a module for this run alone."""
        if name in self.modules:
            return self.modules[name]
        if name == "concurrent":
            self.modules[name] = types.ModuleType(name)
            return self.modules[name]
        above, _, last = name.rpartition(".")
        if above:
            self.load(above)
        spec, code = source_of(name)
        module = self.modules[name] = types.ModuleType(name)
        module.__spec__, module.__file__ = spec, spec.origin
        module.__package__ = name if spec.submodule_search_locations else above
        module.__builtins__ = self.builtins
        if name == "concurrent.futures":
            module.__path__ = []
        exec(code, vars(module))
        if name == "concurrent.futures" and sys.version_info >= (3, 15):
            # imported lazily, it would be Python's own, once anything has loaded that
            module.ThreadPoolExecutor = self.load(f"{name}.thread").ThreadPoolExecutor
        if name == "queue":  # as the one in C, which is not imported
            module.Empty.__module__ = "_queue"
        if above:
            setattr(self.modules[above], last, module)
        return module

    # -- the run -------------------------------------------------------------------------------

    def program(self):
        """Return the program's code."""
        return self.code.code

    def output(self):
        """Return where standard output goes."""
        return Text(self, self.stdout, switches=True)

    def outcome(self):
        """Run the program, and return its stdout, how it ends, its status, stderr's last line."""
        variables = {"__name__": "__main__", "__builtins__": self.builtins, "__file__": NAME}
        kept = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.output(), Text(self, self.stderr)
        Run.now = self
        status = 0
        try:
            threading = self.load("threading")
            try:
                self.trace()
                exec(self.program(), variables)
            except SystemExit as error:
                status = self.status_of(error.code)
            except Abort:
                raise
            except BaseException as error:  # noqa: BLE001 - as Python does at the end
                status = 1
                self.complain(error)
            finally:
                sys.settrace(None)
            threading._shutdown()
        except Abort:
            pass
        finally:
            self.close()
            for module, names in self.lent.items():
                for name in vars(module).keys() - names.keys():
                    delattr(module, name)
                vars(module).update(names)
            sys.stdout, sys.stderr = kept
            Run.now = None
        lines = "".join(self.stderr).splitlines()
        ends = self.over if self.over in {"deadlock", "never"} else "exit"
        return (
            "".join(self.stdout), ends, status if ends == "exit" else None,
            lines[-1] if lines else "",
        )  # fmt: skip

    def let_go(self, lock):
        """Do nothing as a lock is let go of: who waits for it has to come to its turn first."""

    def status_of(self, code):
        """Return the status with which a program exits by itself."""
        if code is None or isinstance(code, int):
            return code or 0
        self.stderr.append(f"{code}\n")
        return 1

    def close(self):
        """End what daemons are left."""
        if self.over is None:
            self.over = "left"
        self.main.ended = True
        for one in self.workers[1:]:
            if not one.ended and one.turn.locked():
                one.turn.release()
        for one in self.workers[1:]:
            if not one.gone.acquire(timeout=LONGEST_END):
                os._exit(3)  # a thread that cannot be ended would run on beside the next run


def traced(run):
    """Let this thread tell of each opcode; from 3.12 the code objects do it for all threads."""
    if sys.version_info >= (3, 12):
        return

    def call(frame, _, __):
        if frame.f_code.co_filename not in run.files:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return step

    def step(frame, event, _):
        if event == "opcode":
            run.opcode(frame.f_code, frame.f_lasti)
        return step

    sys.settrace(call)


def told(code, offset):
    """Tell the present run of an opcode, unless it is of a module that another run was within."""
    if Run.now is not None and code.co_filename in Run.now.files:
        Run.now.opcode(code, offset)


def source_of(name, known={}):  # noqa: B006
    """Return a module's specification and its code."""
    if name not in known:
        spec = importlib.util.find_spec(name)
        known[name] = spec, spec.loader.get_code(name)
    return known[name]


def answer(  # noqa: PLR0913
    source, runs, seed=0, preemptions=None, known=None, *, make=None, within=()
):
    """Run a program many times.

    Args:
        source: the program
        runs: how many times at the most
        seed: of what is chosen at random
        preemptions: where given, go through all schedules that have so many at the most
        known: where given, stop at the first outcome that is none of these
        make: makes a run, of the program's code and of what chooses; each opcode is a place to
            switch at where it is not given
        within: modules of the library, written in Python, each of whose opcodes is such a place too

    Returns:
        The outcomes, each with how often it came; how many runs; whether these were all schedules;
        and the most opcodes that a thread had, from the first start of another on.
    """
    compiled = compile(source, NAME, "exec", dont_inherit=True)
    if make is None:
        for name in within:
            importlib.import_module(name)  # some look for themselves among all modules
            Code(source_of(name)[1], every=True)
        make = partial(Run, Code(compiled, every=preemptions is None), within=within)
    else:
        make = partial(make, compiled)
    choices = InTurn(preemptions) if preemptions is not None else None
    counts, length, all_done, opcodes, done = Counter(), 200, False, 0, 0
    while done < runs and not all_done:
        chosen = choices or AtRandom(f"{seed} {done}", length)
        run = make(chosen)
        outcome = contextvars.Context().run(run.outcome)
        counts[outcome] += 1
        length = max(run.opcodes, 1)
        opcodes = max([opcodes, *(one.opcodes for one in run.workers)])
        done += 1
        all_done = choices is not None and not choices.next()
        del run
        if done % 50 == 0:
            gc.collect()
        if known is not None and outcome[1] != "never" and list(outcome) not in known:
            break
    return {
        "outcomes": [[list(outcome), count] for outcome, count in counts.items()],
        "runs": done,
        "all": all_done,
        "opcodes": opcodes,
    }


def main():
    """Answer, with a thread that may change its place with another before each opcode."""
    if sys.version_info >= (3, 12):
        sys.monitoring.use_tool_id(sys.monitoring.DEBUGGER_ID, "oracle")
        sys.monitoring.register_callback(
            sys.monitoring.DEBUGGER_ID, sys.monitoring.events.INSTRUCTION, told
        )
    serve(answer)


def serve(answer):
    """Answer each line of standard input."""
    gc.disable()
    channel = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        try:
            said = answer(**json.loads(line))
        except Exception:  # noqa: BLE001 - it is said
            said = {"failed": traceback.format_exc()}
        channel.write(json.dumps(said) + "\n")
        channel.flush()
        gc.collect()


if __name__ == "__main__":
    main()
