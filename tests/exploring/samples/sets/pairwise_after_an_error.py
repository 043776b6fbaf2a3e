from itertools import pairwise
from threading import Thread


def source():
    yield 1
    yield 2
    yield 3


numbers = source()
shared = pairwise(numbers)
threads = [Thread(target=next, args=[shared]) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(list(shared), list(numbers))
