import os
import tempfile
from pathlib import Path

Path("a").mkdir()
Path("a/b").write_text("c")
Path("a").chmod(0)
Path.home().joinpath("d").touch()
tempfile.mkstemp()
os.symlink("/", "e")
print(
    sorted(os.listdir()), os.getcwd() == str(Path.home()), os.path.dirname(__file__) != os.getcwd()
)
