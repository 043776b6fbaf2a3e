from threading import Thread


def source():
    yield "a"
    yield "b"


numbered = enumerate(source())
taken = []


def take():
    taken.append(next(numbered))


threads = [Thread(target=take) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(taken))
