"""Where the built site is, and the browser that looks at it."""

import os
from pathlib import Path

SITE = Path(os.environ["ANYORDER_SITE"])
BASE = "/anyorder/"  # as on the web, where the site is not at the top of its host
CHROMIUM = "/usr/bin/chromium"
# as root there is no sandbox; the others keep it from asking anybody anything
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))


def wait_until(page, condition):
    """Wait until an expression of JavaScript is true in a page, two minutes at most.

    The browser's own way to wait may evaluate a text in the page, which its policy forbids.
    """
    for _ in range(6_000):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise TimeoutError(f"never true: {condition}")
