from threading import Thread

seen = []


def load():
    global math
    import math


def use():
    try:
        seen.append(math.floor(1.5))
    except NameError:
        seen.append("no name")


threads = [Thread(target=target) for target in (load, use)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(seen)
