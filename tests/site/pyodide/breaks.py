"""A program that breaks the stack of the Python in a browser, deep inside of what is not Python."""

import json

from anyorder.playground.browser import explored

TEXT = "deep = []\nfor _ in range(20_000): deep = [deep]\nprint(len(repr(deep)))"


async def tell(*_):
    """Stop nothing."""
    return False


def answer():
    """Have it explored, from which nothing returns."""
    return explored(json.dumps({"name": "yours.py", "text": TEXT}), tell)
