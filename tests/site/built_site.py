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
