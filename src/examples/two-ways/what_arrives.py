import multiprocessing
import sys
import threading
from pickle import PicklingError


def receive(thing):
    print("arrived:", thing)


def make_local():
    def local(): ...

    return local


if __name__ == "__main__":
    locks = [threading.Lock(), multiprocessing.Lock()]
    for thing in [receive, lambda: "hello", make_local(), *locks, sys.stdin]:
        child = multiprocessing.Process(target=receive, args=[thing])
        try:
            child.start()
            child.join()
        except (AttributeError, PicklingError, TypeError) as error:
            print(f"{type(error).__name__}: {error}")
