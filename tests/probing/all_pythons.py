"""Runs the probe on each Python with a GIL that is found; ``nox -s probe`` runs it.

What follows on the command line goes to the probe: ``--again`` measures all anew, and a word
measures only kinds that have it in their name.
"""

import subprocess
import sys
from pathlib import Path

from anyorder.exploring.versions import VERSIONS
from anyorder.running import find_interpreters

HERE = Path(__file__).parent


def main():
    """Measure on one Python after another: two at a time would be in each other's way."""
    found = {
        python.version.rpartition(".")[0]: python.path
        for python in find_interpreters()[0]
        if not python.free_threaded
    }
    for version in VERSIONS:
        if version not in found:
            print(f"Python {version} is not here: its record stays as it is")
            continue
        record = HERE / "records" / f"{version}.json"
        command = [str(found[version]), str(HERE / "probe.py"), str(record), *sys.argv[1:]]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
