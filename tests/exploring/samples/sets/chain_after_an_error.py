from itertools import chain
from threading import Thread


def source():
    yield [1]
    yield [2, 3]
    yield [4, 5]


numbers = source()
shared = chain.from_iterable(numbers)
threads = [Thread(target=next, args=[shared]) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(list(shared), list(numbers))
