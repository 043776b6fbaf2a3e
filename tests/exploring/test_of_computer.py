"""What a computer says of itself, and a uuid, are shown by a placeholder, and decide nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Outcome
from anyorder.outcomes.placeholders import Placeholders

BEGINNING = (
    "import getpass, platform, socket, sys, uuid\nu = uuid.uuid4()\nnode = platform.node()\n"
)
SHOWN = [
    ("print('Python', sys.version)", "Python <computer>"),
    ("print(getattr(sys, 'version'))", "<computer>"),
    ("print(f'{node}|{socket.gethostname():>20}', getpass.getuser())",
     "<computer>|<computer> <computer>"),
    ("print(platform.machine(), platform.platform(), platform.platform(terse=True))",
     "<computer> <computer> <computer>"),
    ("print(platform.release(), platform.version(), platform.python_compiler())",
     "<computer> <computer> <computer>"),
    ("print(u, repr(u), str(u), f'{u}', '%s' % u, [u], {'id': u})",
     "<uuid> <uuid> <uuid> <uuid> <uuid> [<uuid>] {'id': <uuid>}"),
    ("print(u.hex, u.urn, u.int, u.version, u.fields[0])", "<uuid> <uuid> <uuid> <uuid> <uuid>"),
    ("print(u.hex[:8], str(u)[0:13], f'job-{u.hex[:4]}', u.hex[:8][:9], u.urn[:2], repr(u)[:3])",
     "<uuid> <uuid> job-<uuid> <uuid> <uuid> <uuid>"),
    ("print(isinstance(u, uuid.UUID), type(u), u == None, u is None)",
     "True <class 'uuid.UUID'> False False"),
    ("import copy; print(copy.copy(u), copy.deepcopy([u]))", "<uuid> [<uuid>]"),
    ("import json; print(json.dumps({'id': str(u), 'n': [u.int, u.hex]}))",
     '{"id": "<uuid>", "n": [<uuid>, "<uuid>"]}'),
    ("import threading; threading.Thread(target=print, args=(u, node)).start()",
     "<uuid> <computer>"),
    (("import multiprocessing as m\nif __name__ == '__main__':\n"
     "    p = m.Process(target=print, args=(u, node)); p.start(); p.join()"), "<uuid> <computer>"),
]  # fmt: skip
DEPENDS = [
    "node == 'vm'", "len(sys.version)", "sys.version.split()", "sys.version[:4]", "{node: 1}",
    "dict([(node, 1)])",
    "'3' in sys.version", "sys.version > '3.12'", "node.upper()", "from sys import version",
    "from sys import *\nprint(version)", "u == uuid.uuid4()", "{u: 1}", "{str(u): 1}", "u.hex[8:]",
    "str(u)[:-8]", "u.hex[:0]", "u.hex[::2]", "f'{u}.'[:8]", "u.hex[0]", "u.hex[:8] == 'a'",
    "u < uuid.uuid4()", "sorted([u, u])", "u in [uuid.uuid4()]", "hash(u)", "u.bytes", "u.is_safe",
    "str(u).replace('-', '')", "uuid.uuid1()", "u.hex[:8] = 1", "del u.hex[:8]",
]  # fmt: skip


@pytest.mark.parametrize(("program", "shown"), SHOWN)
def test_is_shown_by_a_placeholder(explored, tmp_path, program, shown):
    """A real run has that outcome."""
    found = explored(BEGINNING + program + "\n")
    [one] = found.outcomes
    assert (found.complete, one.outcome.stdout) == (True, f"{shown}\n")
    real = subprocess.run(
        [sys.executable, tmp_path / "program.py"], capture_output=True, check=True, text=True
    )
    shown = Outcome(real.stdout, "", 0, one.outcome.ends)
    assert Placeholders([one.outcome]).put_into(shown) == one.outcome


@pytest.mark.parametrize("program", DEPENDS)
def test_nothing_depends_on_it(explored, program):
    with pytest.raises(CannotExplore) as refusal:
        explored(BEGINNING + program + "\n")
    assert refusal.value.line in {4, 5}


@pytest.mark.parametrize(
    ("program", "instead"),
    [
        ("sys.version.split()[0]", "ask platform.python_version"),
        ("{str(u): 1}", "count, or"),
        ("str(u) in {}", "count, or"),
        ("{}.get(str(u))", "count, or"),
        ("dict.fromkeys([str(u)])", "count, or"),
    ],
)
def test_says_what_to_write_instead(explored, program, instead):
    with pytest.raises(CannotExplore, match=instead):
        explored(f"{BEGINNING}{program}\n")


@pytest.mark.parametrize(
    "program", ["u + 1", "'a' + u", "1 + u", "f'{u:>40}'", "u.x = 3", "u.nope"]
)
def test_what_is_wrong_is_so_as_with_any_uuid(explored, program):
    [one] = explored(f"{BEGINNING}{program}\n").outcomes
    known = "import uuid\nu = uuid.UUID(int=5)\n"
    [other] = explored(f"{known}\n{program}\n").outcomes
    assert one.outcome.stderr.splitlines()[-1] == other.outcome.stderr.splitlines()[-1]


@pytest.mark.parametrize("program", ["platform.node(1)", "socket.gethostname(x=1)"])
def test_wrong_arguments_are_told(explored, program):
    [one] = explored(f"{BEGINNING}{program}\n").outcomes
    assert one.outcome.stderr.splitlines()[-1].startswith("TypeError: ")


def test_no_process_is_begun_to_find_out(explored, monkeypatch):
    """Python may ask ``uname`` for what it does not know otherwise."""
    monkeypatch.setattr("subprocess.Popen", None)
    monkeypatch.setattr("platform._platform_cache", {})
    monkeypatch.setattr("platform._uname_cache", None)
    [one] = explored("import platform\nprint(platform.platform(), platform.version())\n").outcomes
    assert one.outcome.stdout == "<computer> <computer>\n"
