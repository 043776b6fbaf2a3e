"""What a program with threads can print on a build with a GIL, as Python itself shows it.

It is the oracle of ``opcode_oracle``, whose threads change places only where CPython hands over the
GIL: where the evaluation loop looks whether another thread asked for it, and where a thread lets it
go to wait. It knows these places from CPython's own sources (``Python/bytecodes.c``, and
``Python/ceval.c`` of 3.11), by the instructions of the real code as they are carried out, and has
nothing of the explorer's tables:

``RESUME``
    where a function begins, and where a generator goes on after ``yield``. It looks where its
    argument is 0 or 1, and not after ``yield from`` or ``await``.
``JUMP_BACKWARD``
    looks, wherever it stands; ``JUMP_BACKWARD_NO_INTERRUPT`` does not. On 3.11 the conditional
    jumps ``POP_JUMP_BACKWARD_IF_…`` look too, where they are taken.
``CALL``, ``CALL_KW``, ``CALL_FUNCTION_EX``
    look once they have called what is no function of Python. One that is goes on in the same loop,
    which looks as it begins (``RESUME``) and not as it returns. On 3.11 ``CALL_FUNCTION_EX`` looks
    after any call. Nothing looks after a call that raised.

The library's own code in Python is looked at in the same way: ``threading``, ``queue`` … hand over
the GIL wherever their instructions do. Locks are written in C, and so are the streams; what stands
for them here counts as such. A lock that somebody waits for may be his as soon as it is let go of,
whoever has the GIL then.

What it shows of the code is what cold code does: none of it is specialised while it is looked at.
"""

import ctypes
import dis
import functools
import sys
from types import FunctionType, MethodType

import opcode_oracle
import stand_for
from opcode_oracle import MOST_OPCODES, NAME, AtRandom, Run, Text, nested, serve
from stand_for import Abort

OWN = {__file__, opcode_oracle.__file__, stand_for.__file__}
AFTER_YIELD_FROM = 2  # the argument of a RESUME that does not look; its lowest two bits say it
OF_LIBRARY = (
    0.2  # of the places within the library are looked at, where places are chosen at random
)
ENTERS_UNSEEN = sys.version_info >= (3, 15)  # measured: nobody is let on as a lock is entered


class Output(Text):
    """Standard output: what is written goes to the system at once, or by lines, or in the end."""

    def __init__(self, run, to):
        super().__init__(run, run.stdout)
        self.to = to

    def write(self, text):
        """Write a piece; where it goes to the system the GIL is let go of."""
        if text and self.to == "unbuffered":
            self.run.point()
        super().write(text)
        if text and (self.to == "unbuffered" or (self.to == "terminal" and "\n" in text)):
            self.run.point()
        return len(text)


class Unseen:
    """A while in which what a thread does is no part of the program."""

    def __init__(self, worker):
        self.worker = worker

    def __enter__(self):
        self.worker.unseen += 1

    def __exit__(self, *_):
        self.worker.unseen -= 1


class Choices:
    """Chooses as another does, which is no part of the program."""

    def __init__(self, run, choices):
        self.run, self.choices = run, choices

    def takes(self):
        """Return whether to look at a place within the library, where not all are gone through."""
        by_chance = isinstance(self.choices, AtRandom)
        with self.run.unseen():
            return not by_chance or self.choices.random.random() < OF_LIBRARY

    def choose(self, current, able):
        """Return who goes on."""
        with self.run.unseen():
            return self.choices.choose(current, able)


class GilRun(Run):
    """One run of a program, on a build with a GIL.

    Args:
        code: the program's code
        choices: chooses who goes on
        to: where the output goes
        library: whether the library's own code in Python hands over the GIL within, too
    """

    def __init__(self, code, choices, *, to="pipe", library=True):
        self.to, self.library = to, library
        super().__init__(code, Choices(self, choices))

    def program(self):
        """Return the program's code."""
        return self.code

    def output(self):
        """Return where standard output goes."""
        return Output(self, self.to)

    def point(self):
        """Let another thread go on, perhaps."""
        current = self.me()
        if current.unseen or current.ended:  # what goes with a thread may call back after its end
            return
        if self.over is not None:
            raise Abort
        if len(self.workers) > 1:
            current.opcodes += 1
        self.opcodes += 1
        if self.opcodes > MOST_OPCODES:
            self.stop("never")
        super().point()

    def let_go(self, lock):
        """Hand a lock over to who waits for it, or let it be free until somebody comes."""
        if self.over is not None:
            return
        current = self.me()
        waiting = [one for one in self.workers if one.lock is lock and not one.ended]
        if waiting:
            taker = self.choices.choose(current, [current, *waiting])
            if taker is not current:
                lock.hand(taker)
                taker.lock, taker.ready = None, always

    def load(self, name):
        """Load a module, which no other thread comes into: there is a lock for that."""
        with self.unseen():
            return super().load(name)

    def imported(self, *what):
        """Import as the program, or a module of its run, does."""
        with self.unseen():
            return super().imported(*what)

    def complain(self, error):
        """Write of an error that nobody caught, all at once."""
        with self.unseen():
            super().complain(error)

    def unseen(self):
        """Return a context in which what the present thread does is no part of the program."""
        return Unseen(self.me())

    def begun(self, code, caller):
        """Let another thread go on where a function begins."""
        self.may_pass(code.co_filename == NAME or (not self.library and is_program(caller)))

    def passed(self, code):
        """Let another thread go on elsewhere."""
        self.may_pass(code.co_filename == NAME)

    def may_pass(self, of_program):
        """Let another thread go on; by chance that is so more seldom within the library."""
        if of_program or (self.library and self.choices.takes()):
            self.point()

    def trace(self):
        """Let this thread tell of its instructions; from 3.12 all threads do."""
        if sys.version_info < (3, 12):
            sys.settrace(Tracing(self).call)


def always():
    """Return that it can go on."""
    return True


def is_python(called):
    """Whether a call of it goes on in the same loop; what stands for C does not count."""
    if type(called) is MethodType:
        called = called.__func__
    return type(called) is FunctionType and called.__code__.co_filename not in OWN


def is_program(frame):
    """Whether a frame is the program's own."""
    return frame is not None and frame.f_code.co_filename == NAME


def looks_as_it_goes_on(argument):
    """Whether a RESUME looks."""
    return argument & 3 < AFTER_YIELD_FROM


# -- 3.11: by what is traced -----------------------------------------------------------------------


@functools.cache
def instructions(code):
    """Return a code's instructions by where each begins: its name, argument, target and the next.

    One with a long argument begins with what extends it.
    """
    found, begins = {}, None
    listed = list(dis.get_instructions(code))
    for number, one in enumerate(listed):
        begins = one.offset if begins is None else begins
        if one.opname != "EXTENDED_ARG":
            following = listed[number + 1].offset if number + 1 < len(listed) else None
            found[begins] = found[one.offset] = one.opname, one.arg, one.argval, following
            begins = None
    return found


class Tracing:
    """Tells a run of the instructions of one thread, by ``sys.settrace``."""

    def __init__(self, run):
        self.run = run

    def call(self, frame, _, __):
        """Note that a function begins or a generator goes on."""
        code = frame.f_code
        if code.co_filename in OWN:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        name, argument, _, _ = instructions(code)[frame.f_lasti]
        if name == "RESUME" and looks_as_it_goes_on(
            argument
        ):  # it is another where it is thrown at
            self.run.begun(code, frame.f_back)
        return self.steps(code)

    def steps(self, code):
        """Return what is told of each instruction of one frame."""
        after = None

        def step(frame, event, _):
            nonlocal after
            if event != "opcode":
                return step
            at = frame.f_lasti
            if at == after:
                self.run.passed(code)
            after = None
            name, argument, target, following = instructions(code)[at]
            if name == "JUMP_BACKWARD":
                self.run.passed(code)
            elif name.startswith("POP_JUMP_BACKWARD"):
                after = target
            elif name == "CALL_FUNCTION_EX" or (
                name == "CALL" and not is_python(called_by(frame, argument))
            ):
                after = following
            return step

        return step


SLOT = ctypes.sizeof(ctypes.c_void_p)
# of 3.11, from Include/internal/pycore_frame.h: in slots, where the frame object has its frame, and
# in that one, how high its stack is, and where its variables and its stack begin
FRAME, HEIGHT, VARIABLES = 3, 8, 9


def called_by(frame, count):
    """Return what a CALL of 3.11 is about to call, which lies below its arguments on the stack."""
    inner = ctypes.c_void_p.from_address(id(frame) + FRAME * SLOT).value
    height = ctypes.c_int.from_address(inner + HEIGHT * SLOT).value

    def slot(number):
        return ctypes.c_void_p.from_address(inner + (VARIABLES + height - number) * SLOT).value

    found = slot(count + 2) or slot(count + 1)  # a method and its object, or nothing and a function
    return ctypes.cast(found, ctypes.py_object).value


# -- from 3.12 on: by what is monitored ------------------------------------------------------------


@functools.cache
def bytes_of(code):
    """Return the instructions of a code object as they were compiled."""
    return code.co_code


class Monitoring:
    """Tells the present run of what its threads do, by ``sys.monitoring``."""

    def __init__(self):
        self.tool = sys.monitoring.DEBUGGER_ID
        self.events = sys.monitoring.events
        self.seen = {}  # code objects by their ids: those of one text are equal
        sys.monitoring.use_tool_id(self.tool, "oracle")
        for name in ("PY_START", "PY_RESUME", "PY_RETURN", "JUMP", "CALL", "C_RETURN"):
            call = getattr(self, name.lower())
            sys.monitoring.register_callback(self.tool, getattr(self.events, name), call)
        sys.monitoring.set_events(self.tool, self.events.PY_START)
        for function in (stand_for.fake_thread, stand_for.fake_time, Output.write, Text.write):
            for code in nested(function.__code__):
                sys.monitoring.set_local_events(self.tool, code, self.events.PY_RETURN)

    def py_start(self, code, _):
        """Note that a function begins."""
        if code.co_filename in OWN:
            return sys.monitoring.DISABLE
        if Run.now is not None:
            if id(code) not in self.seen:
                self.seen[id(code)] = code
                wanted = self.events.PY_RESUME | self.events.JUMP | self.events.CALL
                sys.monitoring.set_local_events(self.tool, code, wanted)
            Run.now.begun(code, sys._getframe(1).f_back)
        return None

    def py_resume(self, code, offset):
        """Note that a generator goes on."""
        if Run.now is not None and looks_as_it_goes_on(bytes_of(code)[offset + 1]):
            Run.now.passed(code)

    def jump(self, code, offset, _):
        """Note that a loop comes round."""
        if Run.now is not None and bytes_of(code)[offset] == dis.opmap["JUMP_BACKWARD"]:
            Run.now.passed(code)

    def call(self, code, offset, called, _):
        """Note that something is called."""
        if Run.now is None:
            return
        if type(called) is MethodType:
            called = called.__func__
        stands = type(called) is FunctionType and called.__code__.co_filename in OWN
        if stands and not (ENTERS_UNSEEN and enters(code, offset)):
            Run.now.me().calling = code, called.__code__
        else:
            Run.now.me().calling = None

    def c_return(self, code, offset, _, __):
        """Note that what is no function of Python has been called."""
        if Run.now is not None and not (ENTERS_UNSEEN and enters(code, offset)):
            Run.now.passed(code)

    def py_return(self, code, _, __):
        """Note that what stands for C is done."""
        if Run.now is None:
            return
        current = Run.now.me()
        if current.calling is not None and current.calling[1] is code:
            caller, current.calling = current.calling[0], None
            Run.now.passed(caller)


@functools.cache
def entering(code):
    """Return where a code object calls what enters a ``with``."""
    listed = [one for one in dis.get_instructions(code) if one.opname != "CACHE"]
    specials = [one.opname == "LOAD_SPECIAL" for one in listed]
    return {
        one.offset
        for number, one in enumerate(listed)
        if one.opname == "CALL" and specials[number - 1]
    }


def enters(code, offset):
    """Whether a call is that of ``__enter__`` by a ``with``."""
    return offset in entering(code)


def answer(to="pipe", *, library=True, **how):
    """Run a program many times, as ``opcode_oracle`` does.

    Args:
        to: where the output goes: ``"pipe"``, ``"terminal"`` or ``"unbuffered"``
        library: whether the library's own code in Python hands over the GIL within, too
        how: as there
    """
    return opcode_oracle.answer(make=functools.partial(GilRun, to=to, library=library), **how)


if __name__ == "__main__":
    if sys.version_info >= (3, 12):
        Monitoring()
    serve(answer)
