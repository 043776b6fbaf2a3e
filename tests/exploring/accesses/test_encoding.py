"""What ``json`` makes of what a ``default`` of the program's returns."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
import json, sys
from threading import Thread

class Thing: pass

class Encoder(json.JSONEncoder):
    def default(self, one): return {returned}

class Above(Encoder):
    def encode(self, one): return super().encode(one)

thing = Thing()
thing.x = 0
shared = [0, 0]
number = 0

def change():
    global number
    {change}

thread = Thread(target=change)
thread.start()
{encode}
thread.join()
"""
BY_DEFAULT = [
    "print(json.dumps(thing, default=lambda one: {returned}))",
    "print(json.dumps([thing], default=lambda one: {returned}, indent=1))",
    "json.dump(thing, sys.stdout, default=lambda one: {returned})",
    "print(json.JSONEncoder(default=lambda one: {returned}).encode(thing))",
    "print(json.dumps(thing, cls=Encoder))",
    "print(json.dumps(thing, cls=Above))",
    "print(Encoder().encode(thing))",
    "print(json.JSONEncoder.encode(Encoder(), thing))",
    "print(*Encoder(indent=1).iterencode(thing))",
]
CHANGED = [
    ("shared[0] = 1", "shared", "list"),
    ("shared[0] = 1", "{'a': [shared]}", "list"),
    ("thing.x = 1", "vars(one)", "dict"),
    ("thing.x = 1", "one.__dict__", "dict"),
]


@pytest.mark.parametrize("encode", [*BY_DEFAULT, "print(json.dumps(thing, default=vars))"])
@pytest.mark.parametrize(("change", "returned", "kind"), CHANGED)
def test_what_threads_share_is_not_returned(explored, encode, change, returned, kind):
    if encode.endswith("default=vars))") and "thing" not in change:
        return
    encode = encode.format(returned=returned)
    with pytest.raises(CannotExplore, match=f"threads share a {kind}, and what json does with it"):
        explored(PROGRAM.format(encode=encode, change=change, returned=returned))


@pytest.mark.parametrize("encode", BY_DEFAULT)
def test_what_is_made_anew_is_returned(explored, encode):
    encode = encode.format(returned="[number]")
    found = explored(PROGRAM.format(encode=encode, change="number = 1", returned="[number]"))
    shown = {"".join(one.outcome.stdout.split()) for one in found.outcomes}
    assert found.complete
    assert {text.strip("[]") for text in shown} == {"0", "1"}


def test_an_encoder_fails_as_it_does(explored):
    found = explored("""
        import json
        class Own(json.JSONEncoder):
            def default(self, one): return super().default(one)
        for how in ({}, {"cls": Own}, {"default": 5}):
            try: json.dumps(object(), **how)
            except TypeError as error: print(error)
    """)
    (one,) = found.outcomes
    assert one.outcome.stdout == (
        "Object of type object is not JSON serializable\n" * 2 + "'int' object is not callable\n"
    )
