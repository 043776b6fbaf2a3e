"""A program that breaks the stack of the Python in a browser, deep inside of what is not Python."""

import json

from anyorder.playground.browser import explored

TEXT = "import json\nprint(len(json.loads('[' * 20_000 + ']' * 20_000)))"


async def tell(*_):
    """Stop nothing."""
    return False


def answer():
    """Have it explored, from which nothing returns."""
    return explored(json.dumps({"name": "yours.py", "text": TEXT}), tell)
