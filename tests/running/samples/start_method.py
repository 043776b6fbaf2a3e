"""Tells how its child was really begun: by what the child still has of its parent."""

import multiprocessing
import os
import sys

memory = "as at import"


def work(parent):
    if memory == "changed":
        found = "fork"
    elif os.getppid() == parent:
        found = "spawn"
    else:
        found = "forkserver"
    print(found, flush=True)


if __name__ == "__main__":
    memory = "changed"
    print(multiprocessing.get_start_method(), flush=True)
    process = multiprocessing.Process(target=work, args=(os.getpid(),))
    process.start()
    process.join()
    sys.exit(process.exitcode)
