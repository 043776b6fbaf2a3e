"""Debian's Firefox, by Marionette, the protocol that it speaks without a driver beside it."""

import json
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

FIREFOX = "/usr/bin/firefox-esr"
PATIENCE = 120  # seconds, however busy the machine is
# it chooses a port, asks nobody anything, and says nothing to its makers
SETTINGS = {
    "marionette.port": 0,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """A window, in which scripts are run."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.stream = self.socket.makefile("rb")
        self.number = 0
        self.read()  # who it is
        self.ask("WebDriver:NewSession")
        self.ask("WebDriver:SetTimeouts", script=PATIENCE * 1000, pageLoad=PATIENCE * 1000)

    def read(self):
        """Return the next message: its length stands before it."""
        length = b""
        while not length.endswith(b":"):
            length += self.stream.read(1)
        return json.loads(self.stream.read(int(length[:-1])))

    def ask(self, command, **arguments):
        """Have a command carried out, and return what comes of it."""
        self.number += 1
        message = json.dumps([0, self.number, command, arguments]).encode()
        self.socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self.read()
        assert error is None, error
        return result

    def open(self, address):
        """Go to a page, and wait until it is loaded."""
        self.ask("WebDriver:Navigate", url=address)

    def run(self, script):
        """Return what a script returns."""
        return self.ask("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def wait(self, script):
        """Run a script until it returns something, and return that."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := self.run(script):
                return found
            time.sleep(0.05)
        raise TimeoutError(f"never true: {script}")


@contextmanager
def firefox():
    """Run Firefox, and end it."""
    with TemporaryDirectory() as profile:
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in SETTINGS.items()]
        Path(profile, "user.js").write_text("".join(lines))
        command = [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", profile]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, **quiet) as process:
            try:
                said = Path(profile, "MarionetteActivePort")
                end = time.monotonic() + PATIENCE
                while not (said.exists() and said.read_text()) and time.monotonic() < end:
                    time.sleep(0.05)
                window = Firefox(int(said.read_text()))
                with window.socket, window.stream:
                    yield window
            finally:
                process.terminate()
                process.wait(PATIENCE)
