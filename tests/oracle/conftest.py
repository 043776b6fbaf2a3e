"""What the tests of random programs share: a process that explores, and one that is the oracle."""

import pytest
from answering import Answering


@pytest.fixture(scope="session")
def oracle():
    """Answers what a program can do, as Python shows it."""
    with Answering("opcode_oracle.py") as answering:
        yield answering


@pytest.fixture(scope="session")
def gil():
    """Answers what a program can do on a build with a GIL, as Python shows it."""
    with Answering("gil_oracle.py") as answering:
        yield answering


@pytest.fixture(scope="session")
def explorer():
    """Answers what the explorer says of a program."""
    with Answering("explored.py") as answering:
        yield answering
