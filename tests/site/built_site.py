"""Where the built site is, and the browser that looks at it."""

import os
from contextlib import contextmanager
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


@contextmanager
def windows(chromium, site):
    """Yield a function that opens a page of the site in a window of its own."""
    contexts = []

    def open_page(name, width=1280, scripts=(), **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(120_000)  # milliseconds, however busy the machine is
        contexts.append(context)
        for script in scripts:
            context.add_init_script(script)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "console",
            lambda said: page.faults.append(said.text) if said.type == "error" else None,
        )
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(site + name)
        return page

    yield open_page
    for context in contexts:
        context.close()


def wait_until(page, condition):
    """Wait until an expression of JavaScript is true in a page, two minutes at most.

    The browser's own way to wait may evaluate a text in the page, which its policy forbids.
    """
    for _ in range(6_000):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise TimeoutError(f"never true: {condition}")
