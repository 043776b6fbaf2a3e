"""What the explorer asks of whatever switches, asked of JSPI."""

import gc
import json
import traceback

import test_switching


def answer():
    """Call each test, and return as JSON what fails."""
    gc.disable()
    failed = {}
    tests = {name: each for name, each in vars(test_switching).items() if name.startswith("test")}
    for name, test in tests.items():
        try:
            test()
        except Exception:  # noqa: BLE001 - it is told
            failed[name] = traceback.format_exc()
    return json.dumps({"tests": len(tests), "failed": failed})
