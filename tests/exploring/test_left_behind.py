"""What one execution changes, the next one does not find: it is put back, or its change is refused.

Each program changes something, shows what has come of it, and has two threads that print, so that
it is executed several times. It is run once for real, too.
"""

from __future__ import annotations

import sys
from textwrap import dedent

import pytest
from meanings import real_outcome

from anyorder.exploring import CannotExplore

INHERITS = getattr(sys.flags, "thread_inherit_context", False)
PROGRAM = """\
import threading
{change}
print({shown}, flush=True)
threads = [threading.Thread(target=print, args=(letter, "")) for letter in "ab"]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
PUT_BACK = [
    ("import decimal; decimal.getcontext().prec -= 1", "decimal.getcontext().prec"),
    ("import decimal; decimal.getcontext().rounding = 'ROUND_UP'", "decimal.getcontext().rounding"),
    ("import sys; sys.setrecursionlimit(sys.getrecursionlimit() + 1)", "sys.getrecursionlimit()"),
    ("import sys; sys.setswitchinterval(sys.getswitchinterval() * 2)", "sys.getswitchinterval()"),
    ("import sys; sys.set_int_max_str_digits(sys.get_int_max_str_digits() + 1)",
     "sys.get_int_max_str_digits()"),
    ("import sys; sys.argv.append('x')", "len(sys.argv)"),
    ("import random; random.seed(1); random.random()", "random.random()"),
    ("threading.stack_size(65536)", "threading.stack_size(), threading.stack_size()"),
    ("threading.extra = getattr(threading, 'extra', 0) + 1", "threading.extra"),
    ("threading.Timer.extra = getattr(threading.Timer, 'extra', 0) + 1", "threading.Timer.extra"),
    ("import os; os.sep += 'x'", "os.sep"),
    ("import os; os.extra = getattr(os, 'extra', 0) + 1", "os.extra"),
    ("import queue; queue.Queue.extra = getattr(queue.Queue, 'extra', 0) + 1", "queue.Queue.extra"),
    ("import logging; logging.addLevelName(7, 'SEVEN')", "logging.getLevelName(7)"),
    ("import logging; logging.basicConfig()", "len(logging.getLogger().handlers)"),
    ("import warnings; warnings.simplefilter('error')", "1"),
    ("import atexit; atexit.register(print, 'bye')", "1"),
    ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
     "signal.getsignal(signal.SIGINT)"),
    ("import contextvars; v = contextvars.ContextVar('v', default=1); v.set(v.get() + 1)",
     "v.get()"),
    ("from collections.abc import Sequence\n@Sequence.register\nclass Own: pass",
     "isinstance(Own(), Sequence)"),
]  # fmt: skip
# classes and functions of the library that explorer and program share
OF_LIBRARY = [
    "json.JSONEncoder", "json.dumps", "json", "collections.OrderedDict", "re", "enum.Enum",
    "string.Template", "os.path", "argparse.ArgumentParser", "pathlib.PurePath",
    "uuid.UUID", "fractions.Fraction", "contextlib.ExitStack", "inspect.Signature", "io.TextIOBase",
    "ast.NodeVisitor", "statistics.NormalDist", "csv.excel", "urllib.parse", "textwrap.TextWrapper",
    "argparse.HelpFormatter._Section",
]  # fmt: skip
REFUSED = [
    "import json; json.JSONEncoder.default = lambda self, o: 1",
    "import json; json.__all__.append(1)", "import threading; threading.Timer.run.extra = 1",
    "import json; json.dumps.__kwdefaults__['indent'] = 1", "import json; json.__doc__ += '1'",
    "import json; del json.JSONDecodeError", "import numbers; numbers.Number.register(str)",
    "from collections.abc import Sequence; Sequence.register(int)",
    "import copyreg; copyreg.pickle(complex, repr)", "import codecs; codecs.register(repr)",
    "import sys; sys.path.append('x')", "import sys; sys.modules['x'] = sys",
    "import sys; sys.tracebacklimit = 1", "import builtins; builtins.extra = 1",
    "import builtins; builtins.print = len", "import os; os.environ['X'] = '1'",
    "import os; os.environ |= {'X': '1'}", "import os; os.environ.setdefault('X', '1')",
    "import os; os.environ.update(X='1')", "import os; os.chdir('/')",
    "import reprlib; reprlib.aRepr.maxlist = 1", "import csv; csv.field_size_limit(1)",
    "import calendar; calendar.setfirstweekday(1)", "import gc; gc.disable()",
    "import locale; locale.setlocale(locale.LC_ALL, 'C')", "import decimal; decimal.DefaultContext",
    "import keyword; keyword.kwlist.append('x')", "import errno; errno.errorcode[0] = 'X'",
    "import gettext; gettext.textdomain('x')", "import mimetypes; mimetypes.add_type('a/b', '.zz')",
    "import encodings.aliases; encodings.aliases.aliases['zz'] = 'ascii'",
    "import copy; copy._deepcopy_dispatch", "import re; re._cache",
    "import json; json._default_encoder.indent = 1",
]  # fmt: skip


@pytest.mark.parametrize(("change", "shown"), PUT_BACK)
def test_put_back(explored, tmp_path, change, shown):
    """Each execution shows what a single run shows, and so does the next exploration."""
    source = dedent(PROGRAM).format(change=change, shown=shown)
    if "decimal" in change and not INHERITS and sys.version_info >= (3, 14):
        with pytest.raises(CannotExplore, match="begins with the decimal context"):
            explored(source)  # builds differ in what a new thread has of it
        return
    for _ in range(2):
        found = explored(source)
        firsts = {one.outcome.stdout.partition("\n")[0] for one in found.outcomes}
        assert len(found.outcomes) > 1
        real = real_outcome(tmp_path / "program.py")
        assert firsts == {real.stdout.partition("\n")[0]}


@pytest.mark.parametrize("thing", OF_LIBRARY)
def test_no_attribute_is_left(explored, thing):
    beginning = f"import {thing.partition('.')[0]}, urllib.parse"
    with pytest.raises(CannotExplore):
        explored(f"{beginning}\n{thing}.extra = 1\n")
    with pytest.raises(CannotExplore):
        explored(f"{beginning}\nsetattr({thing}, 'extra', 1)\n")


@pytest.mark.parametrize("change", REFUSED)
def test_refused(explored, change):
    with pytest.raises(CannotExplore):
        explored(f"{change}\n")
