import tempfile
from pathlib import Path

Path("a").mkdir()
Path("a/b").write_text("c")
Path("a").chmod(0)
Path.home().joinpath("d").touch()
Path("e").symlink_to("/")
tempfile.mkstemp()
here = Path.cwd()
print(
    sorted(path.name for path in here.iterdir()), here == Path.home(), here != Path(__file__).parent
)
