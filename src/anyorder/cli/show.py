"""``anyorder show``: a program on a page of this machine, to be changed and explored there."""

from __future__ import annotations

import json
import os
import platform
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from string import Template
from threading import Lock
from tokenize import TokenError
from typing import ClassVar, cast

import click

from anyorder.board.colours import coloured
from anyorder.checking import ProgramError
from anyorder.checking.program import SCRIPT, read_source
from anyorder.cli.options import COULD_NOT_RUN

__all__ = ["show"]

TOOL = Path(__file__).parents[1]
# where the page's files are: what explores here stands in the place of what explores in a browser
FOLDERS = [TOOL / name for name in ("sphinx/static", "playground/static", "playground/show")]
FILES = {path.name: path for folder in FOLDERS for path in folder.iterdir()}
BELOW = "/_static/show/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
MOST = 65_536  # bytes that are read at once
# what explores a request of the page, in a process of its own, so that it can be ended
EXPLORE = """\
import json, sys
from anyorder.playground import explored
def tell(progress):
    print(json.dumps({"told": [progress.executions, progress.outcomes]}), flush=True)
print(json.dumps({"answer": explored(json.load(sys.stdin), tell)}), flush=True)
"""


@click.command()
@click.argument("program", type=click.Path(path_type=Path))
def show(program: Path) -> None:
    """Show a program on a page, to be changed and explored.

    PROGRAM is a script. The page is served to this machine alone until Ctrl-C is pressed. What is
    changed there is kept in its address, and not in the file.
    """
    try:
        read_source(program)
        wrong = "" if program.suffix == SCRIPT else f"{program}:1: is no program: name a .py file"
    except ProgramError as error:
        wrong = str(error)
    if wrong:
        click.echo(wrong, err=True)
        raise SystemExit(COULD_NOT_RUN)
    handler = type("Handler", (Page,), {"program": program})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://localhost:{server.server_port}/"
        click.echo(f"{program.name} is shown at {address} (Ctrl-C ends it)")
        with suppress(KeyboardInterrupt):
            server.serve_forever()
        Page.end()


class Page(BaseHTTPRequestHandler):
    """Answers what the page asks for: itself, its files, and what a program can do."""

    program: ClassVar[Path]
    beginning: ClassVar = Lock()
    running: ClassVar[set[subprocess.Popen[bytes]]] = set()

    @classmethod
    def begin(cls) -> subprocess.Popen[bytes]:
        """Begin a process that explores; Ctrl-C is for the command alone, which ends it."""
        with cls.beginning:
            process = subprocess.Popen(  # noqa: S603 - it runs this Python
                [sys.executable, "-c", EXPLORE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            cls.running.add(process)
        return process

    @classmethod
    def end(cls) -> None:
        """End all that explores, whatever it is at: nothing begins any more."""
        cls.beginning.acquire()
        for process in [*cls.running]:
            process.kill()
            process.wait()

    def do_GET(self) -> None:
        """Answer with the page, or with a file of it."""
        if not self.from_here():
            return
        name = self.path.removeprefix(BELOW)
        if self.path == "/":
            try:
                self.answer("text/html", self.page())
            except ProgramError as error:  # the file has been changed, or is gone
                self.answer("text/plain", f"{error}\n", HTTPStatus.NOT_FOUND)
        elif name == "files.js":
            python = f"{platform.python_implementation()} {platform.python_version()}"
            said = {"TOTAL": 1, "WHERE": f"{python} on this machine"}
            lines = [f"export const {each} = {json.dumps(what)};\n" for each, what in said.items()]
            self.answer("text/javascript", "".join(lines))
        elif name in FILES:
            self.answer(guess_type(name)[0] or "", FILES[name].read_text("utf-8"))
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Explore a program, and answer line by line."""
        if not self.from_here():
            return
        # another site's page can send such a type only if it is allowed to, and it is not
        if self.path != "/explore" or self.headers["Content-Type"] != "application/json":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        length = self.headers["Content-Length"] or ""
        if not length.isdecimal():
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return
        request = self.rfile.read(int(length))
        if not is_request(request):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/x-ndjson")
        self.end_headers()
        for some in self.explored(request):
            self.wfile.write(some)

    def explored(self, request: bytes) -> Iterator[bytes]:
        """Yield an answer, bit by bit, until the page does not want any more."""
        with self.begin() as process:
            assert process.stdin is not None  # noqa: S101 - for the type checker
            assert process.stdout is not None  # noqa: S101 - likewise
            try:
                process.stdin.write(request)
                process.stdin.close()
                while True:
                    ready, *_ = select.select([process.stdout, self.connection], [], [])
                    if self.connection in ready:  # it says no more but that it goes
                        return
                    if not (some := os.read(process.stdout.fileno(), MOST)):
                        return
                    yield some
            finally:
                process.kill()
                self.running.discard(process)

    def from_here(self) -> bool:
        """Refuse what another site's page has a browser ask for, by a name that leads here."""
        host = self.headers["Host"]
        port = cast("ThreadingHTTPServer", self.server).server_port
        if host in {f"localhost:{port}", f"127.0.0.1:{port}"}:
            return True
        self.send_error(HTTPStatus.FORBIDDEN)
        return False

    def page(self) -> str:
        """Return the page, with the program as it is now."""
        page = Template(FILES["page.html"].read_text("utf-8"))
        source = read_source(self.program)
        try:
            text = "\n".join(coloured(source))
        except (SyntaxError, TokenError):  # which whoever explores it is told
            text = escape(source)
        return page.substitute(name=escape(self.program.name), text=text)

    def answer(self, kind: str, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Answer with a text."""
        body = text.encode()
        self.send_response(status)
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": POLICY,
            "Cache-Control": "no-store",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of what was asked for."""


def is_request(text: bytes) -> bool:
    """Whether a text is what the page asks by: JSON, a program and what belongs to it by name."""
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return (
        isinstance(asked, dict)
        and {"name", "text"} <= asked.keys() <= {"name", "text", "against", "demand"}
        and all(isinstance(one, str) for one in asked.values())
    )
