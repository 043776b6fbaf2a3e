"""The built site, served to this machine alone, and a browser that looks at it."""

import subprocess
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from built_site import BASE, CHROMIUM, SITE, SWITCHES, windows
from playwright.sync_api import sync_playwright


def pytest_report_header():
    """Say which browser it is: the one that Debian's archive had, which no lock holds."""
    return subprocess.check_output([CHROMIUM, "--version"], text=True).strip()


class Handler(SimpleHTTPRequestHandler):
    """Serves the site below its base, and 404.html wherever there is nothing.

    A page that is asked for with ``?slowly`` comes in two parts, as on a slow line.
    """

    def translate_path(self, path):
        """Return the file for an address, which is nowhere unless it is below the base."""
        below = path.removeprefix(BASE) if path.startswith(BASE) else "nowhere"
        return super().translate_path(f"/{below}")

    def copyfile(self, source, outputfile):
        """Send what is in a file."""
        if self.path.endswith("?slowly"):
            page = source.read()
            outputfile.write(page[: len(page) // 3])
            time.sleep(1)  # enough for a browser to draw what it has
            outputfile.write(page[len(page) // 3 :])
        else:
            super().copyfile(source, outputfile)

    def send_error(self, code, message=None, _explain=None):
        """Answer with the site's own page for what is not there."""
        body = (SITE / "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        """Say nothing."""


@pytest.fixture(scope="session")
def site():
    """Serve the site, and return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}{BASE}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium():
    """Run the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """Return a function that opens a page of the site in a window of its own."""
    with windows(chromium, site) as open_page:
        yield open_page
