"""The page of one's own program, on this machine."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from http.client import HTTPConnection

import pytest

KINDS = {"css": "css", "js": "javascript"}
HELLO = "print('<b>hello</b>')\n"


@contextmanager
def shown(path):
    """Have the command show a program, and say on which port; then end it as a person does."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    command = [sys.executable, "-m", "anyorder", "show", path.name]
    with subprocess.Popen(
        ["env", "--default-signal=INT", *command],
        cwd=path.parent,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        said = process.stdout.readline()
        port = re.search(r"is shown at http://localhost:(\d+)/ \(Ctrl-C ends it\)$", said)[1]
        try:
            yield int(port), process.pid
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


@pytest.fixture
def port(write):
    """Show a program, and return the port at which that is."""
    with shown(write("hello.py", HELLO)) as (port, _):
        yield port


def ask(port, path, body=None, **headers):
    """Return the status and the text of an answer, and its headers."""
    connection = HTTPConnection("localhost", port, timeout=120)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with suppress(BrokenPipeError):  # what is refused is answered before all of it is sent
        connection.request("GET" if body is None else "POST", path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer.headers


def explored(port, text, **headers):
    request = json.dumps({"name": "hello.py", "text": text})
    return ask(port, "/explore", request, **{"Content_Type": "application/json"} | headers)


def test_the_page_has_the_program_and_its_files(port):
    status, page, headers = ask(port, "/")
    assert status == 200
    coloured = '<span class="s2">&#x27;&lt;b&gt;hello&lt;/b&gt;&#x27;</span>'
    assert f'<span class="nb">print</span><span class="p">(</span>{coloured}' in page
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
    files = re.findall(r'(?:href|src)="(/[^"]+)"', page)
    assert files
    files.append("/_static/show/playground.js")  # which the button asks for
    seen = set()
    while files:
        file = files.pop()
        status, text, headers = ask(port, file)
        assert status == 200, file
        assert headers["Content-Type"].startswith(f"text/{KINDS[file.rpartition('.')[2]]};")
        seen.add(file)
        imported = re.findall(r'(?:from|import\()\s*"\./([\w.]+)"', text)
        files += [name for each in imported if (name := f"/_static/show/{each}") not in seen]
    assert {"/_static/show/explorer.js", "/_static/show/results.js"} <= seen
    assert "/explore" in ask(port, "/_static/show/explorer.js")[1]
    assert "on this machine" in ask(port, "/_static/show/files.js")[1]


def test_a_program_is_explored(port):
    status, text, _ = explored(port, HELLO)
    assert status == 200
    *_, last = map(json.loads, text.splitlines())
    assert last["answer"]["complete"]
    assert [row["texts"] for row in last["answer"]["rows"]] == [["<b>hello</b>\n"]]


def test_a_program_that_is_wrong_is_refused_with_its_line(port):
    _, text, _ = explored(port, "print(1)\nprint(2\n")
    answer = json.loads(text.splitlines()[-1])["answer"]
    (refusal,) = answer["refusals"]
    assert refusal["line"] == 2
    assert refusal["says"].startswith("hello.py:2: ")


def test_what_the_page_wants_no_more_is_ended(port):
    request = json.dumps({"name": "hello.py", "text": "x = 10 ** 10 ** 8\n"})
    connection = HTTPConnection("localhost", port, timeout=120)
    connection.request("POST", "/explore", request, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 200
    answer.close()
    connection.close()
    assert explored(port, HELLO)[0] == 200  # and the end of the test waits for all processes


def test_nothing_goes_on_when_the_command_has_ended(write):
    with shown(write("hello.py", HELLO)) as (port, command):
        request = json.dumps({"name": "hello.py", "text": "x = 10 ** 10 ** 8\n"})
        connection = HTTPConnection("localhost", port, timeout=120)
        connection.request("POST", "/explore", request, {"Content-Type": "application/json"})
        answer = connection.getresponse()  # to close it would end the process
        begun = processes("--ppid", command)
        assert begun
    answer.close()
    connection.close()
    assert processes("--pid", *begun) == []


def processes(*chosen):
    """Return the numbers of the processes that ``ps`` knows by a choice."""
    done = subprocess.run(
        ["ps", "-o", "pid=", *map(str, chosen)], stdout=subprocess.PIPE, check=False, text=True
    )
    return done.stdout.split()


def test_a_file_that_cannot_be_read_any_more_is_told(write):
    path = write("hello.py", HELLO)
    with shown(path) as (port, _):
        path.write_bytes(b"\xff")
        assert ask(port, "/")[:2] == (404, "hello.py:1: is not UTF-8: save the file as UTF-8\n")
        path.unlink()
        status, text, headers = ask(port, "/")
        assert (status, headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
        assert text == "hello.py:1: there is no such program: fix its name\n"
        assert ask(port, "/explore", iter([b"{}"]), Content_Type="application/json")[0] == 411
        path.write_text("print('it is back')", "utf-8")
        assert "it is back" in ask(port, "/")[1]


@pytest.mark.parametrize("path", ["/", "/explore", "/_static/show/files.js"])
def test_another_sites_page_gets_no_answer(port, path):
    assert ask(port, path, Host="example.org")[0] == 403
    assert explored(port, HELLO, Host=f"example.org:{port}")[0] == 403


def test_what_another_site_could_post_gets_no_answer(port):
    assert explored(port, HELLO, Content_Type="text/plain")[0] == 404


@pytest.mark.parametrize(
    "said", [b"", b"{", b"[]", b"{}", b'{"name": "hello.py"}', b'{"name": "hello.py", "text": 1}',
             b'{"name": "hello.py", "text": "", "folder": "/"}', b"[" * 100_000, b"\xff"],
)  # fmt: skip
def test_what_the_page_does_not_ask_gets_no_answer(port, said):
    assert ask(port, "/explore", said, Content_Type="application/json")[0] == 400


@pytest.mark.parametrize("path", ["/_static/show/../show.py", "/_static/show/x.js", "/hello.py"])
def test_only_the_pages_own_files_are_served(port, path):
    assert ask(port, path)[0] == 404


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone.py", "gone.py:1: there is no such program: fix its name"),
        ("typed.session", "typed.session:1: is no program: name a .py file"),
    ],
)
def test_what_is_no_program_exits_with_2(anyorder, write, name, message):
    write("typed.session", ">>> 1\n")
    done = anyorder("show", name)
    assert (done.stdout, done.returncode) == ("", 2)
    assert done.stderr == f"{message}\n"
