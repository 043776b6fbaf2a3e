"""Lets threads take turns as often as Python can, and puts threads beside them that want turns too.

Python imports a module of this name when it starts, before the program; so do children that are
not forked. ``IMPORTED`` has what is to be imported first: a word for each module, with what is
taken from it after colons. ``HURRYING`` has a word for each thread that it begins. All that these
want is the GIL:

keep
    has it until it is asked for it, and asks for it back
touch
    lets it go as soon as it has it

They are none that the program can see: ``threading`` knows nothing of them.
"""

import _thread
import os
import sys
import time

FOLDER = os.path.dirname(__file__)  # noqa: PTH120 - pathlib would be imported into every program


begun = []


def keep():
    """Want the GIL for good."""
    begun.append(keep)
    while True:
        pass


def touch(sleep=time.sleep):
    """Want the GIL for a moment, again and again."""
    begun.append(touch)
    while True:
        sleep(1e-6)


for word in os.environ["IMPORTED"].split():
    module, *names = word.split(":")
    __import__(module, fromlist=names)
sys.setswitchinterval(1e-6)
words = os.environ["HURRYING"].split()
for word in words:
    _thread.start_new_thread({"keep": keep, "touch": touch}[word], ())
while len(begun) < len(words):  # else a short program would have ended before they begin
    time.sleep(0)

# Leave no trace on the path, and let a sitecustomize that was shadowed by this one run.
sys.path.remove(FOLDER)
sys.path_importer_cache.pop(FOLDER, None)
del sys.modules["sitecustomize"]
import sitecustomize  # noqa: E402, F401
