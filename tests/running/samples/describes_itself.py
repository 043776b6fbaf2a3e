"""Says all that a program can see of how it was started."""

import json
import os
import signal
import sys

seen = {
    "argv": sys.argv,
    "environment": dict(os.environ),
    "executable": sys.executable,
    "file": __file__,
    "finders": [getattr(each, "__name__", type(each).__name__) for each in sys.meta_path],
    "flags": repr(sys.flags),
    "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    "hash": hash("any order"),
    "main": sys.modules["__main__"].__file__,
    "modules": sorted(set(sys.modules)),
    "name": __name__,
    "path": sys.path,
    "signals": [str(signal.getsignal(number)) for number in sorted(signal.valid_signals())],
}
print(json.dumps(seen))
