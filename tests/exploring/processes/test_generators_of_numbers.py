"""Generators of random numbers with a seed: copied, pickled, and had by processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("greenlet")

from anyorder.exploring import CannotExplore
from anyorder.outcomes import StartMethod

BEGINNING = """\
import copy, multiprocessing, os, pickle, random, time
class Dice(random.Random):
    def __init__(self, seed):
        print("made", flush=True)
        super().__init__(seed)
        self.log = []
    def roll(self):
        self.log.append(self.randint(1, 6))
        return self.log
def show(rng):
    print(isinstance(rng, random.Random), type(rng).__name__, rng.randint(1, 99), flush=True)
def run(work, *args):
    process = multiprocessing.Process(target=work, args=args)
    process.start()
    process.join()
"""
SAME = {
    "at the fork": "r = random.Random(5)\ndef f(): show(r)\n"
    "if __name__ == '__main__': run(f); show(r)",
    "in use": "r = random.Random(5)\nr.gauss(0, 1)\ndef f(): print(r.gauss(0, 1), flush=True)\n"
    "if __name__ == '__main__': run(f)",
    "handed over": "if __name__ == '__main__': run(show, random.Random(1))",
    "of a pool": "if __name__ == '__main__':\n    with multiprocessing.Pool(2) as pool:\n"
    "        print(pool.map(random.Random.random, [random.Random(n) for n in range(3)]))",
    "of a class of the program's": "d = Dice(3)\nd.roll()\ndef f(): print(d.roll(), flush=True)\n"
    "if __name__ == '__main__': run(f); print(d.roll())",
    "copied": "r = random.Random(5)\nfor o in copy.copy(r), copy.deepcopy([r])[0]: show(o)",
    "pickled": "r = random.Random('a')\nr.random(); show(pickle.loads(pickle.dumps(r)))",
    "by name": "show(random.Random(x=5)); r = random.Random(1); r.seed(a=3, version=1); show(r)",
}


@pytest.mark.parametrize("method", [StartMethod.FORK, StartMethod.SPAWN])
@pytest.mark.parametrize("name", SAME)
def test_as_in_a_real_run(explored, tmp_path, method, name):
    start = f"if __name__ == '__main__': multiprocessing.set_start_method('{method}')\n"
    [possible] = explored(BEGINNING + start + SAME[name] + "\n", method).outcome_set
    program = tmp_path / "program.py"
    real = subprocess.run([sys.executable, program], capture_output=True, check=True, text=True)
    assert real.stdout == possible.stdout


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("random.Random()", "random.Random() gives other numbers in each run"),
        ("r = random.Random(5); r.seed()", "random.Random() gives other numbers in each run"),
        ("r = random.Random(5); r.seed(None)", "random.Random() gives other numbers in each run"),
        ("random.Random(os.getpid())", "Random()"),
        ("random.Random(5).seed(time.time())", "depends on what time it is"),
    ],
)
def test_without_a_seed_that_is_known(explored, program, words):
    with pytest.raises(CannotExplore) as refusal:
        explored(f"{BEGINNING}{program}\n", StartMethod.FORK)
    assert words in refusal.value.message
