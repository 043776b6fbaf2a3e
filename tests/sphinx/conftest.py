"""Small projects, built as a person builds them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

SAMPLES = Path(__file__).with_name("samples")
PARSER = "html.parser"
HANGS = 600  # seconds after which a build is given up, however busy the machine is
# what Sphinx says while it reads is its own affair, so each page that it reads is told
TELLS = """

def setup(app):
    app.connect("source-read", lambda _app, page, _source: print("was read:", page, flush=True))
"""


class Project:
    """A copy of a sample project, in a folder of the test's own."""

    def __init__(self, folder, cache):
        self.folder = folder
        with (folder / "conf.py").open("a") as conf:
            conf.write(TELLS)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        self.environment["XDG_CACHE_HOME"] = str(cache)
        self.status = 0
        self.output = ""

    def build(self, builder="html", *options):
        """Run ``sphinx-build``, and return all that it says."""
        command = [sys.executable, "-m", "sphinx", "-b", builder, "-W", "--keep-going", *options]
        command += ["-N", "-d", "doctrees", ".", f"build/{builder}"]
        # Sphinx leaves reports of its failures there
        with tempfile.TemporaryDirectory(prefix="ao") as temporary:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=self.environment | {"TMPDIR": temporary},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=False,
                timeout=HANGS,
            )
        self.status, self.output = done.returncode, done.stdout
        return self.output

    @property
    def read(self):
        """The pages that the last build read."""
        return set(re.findall(r"^was read: (\S+)$", self.output, re.MULTILINE))

    @property
    def checked(self):
        """The programs that the last build checked."""
        return set(re.findall(r"(\w+)\.\w+: (?:held|did not hold): ", self.output))

    def page(self, name):
        """Parse a page that was built as HTML."""
        return BeautifulSoup((self.folder / f"build/html/{name}.html").read_text("utf-8"), PARSER)

    def replace(self, name, before, after):
        """Replace a text in a file."""
        path = self.folder / name
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """Copy a sample project; what was explored for one of them is there for the next."""
    cache = tmp_path_factory.mktemp("cache")

    def project(name):
        folder = tmp_path_factory.mktemp(name)
        return Project(shutil.copytree(SAMPLES / name, folder / name), cache)

    return project
