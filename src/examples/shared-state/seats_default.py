from collections import defaultdict
from threading import Thread


def empty_table():
    return []


tables = defaultdict(empty_table)


def seat(name):
    tables["window"].append(name)


threads = [Thread(target=seat, args=[name]) for name in ("Ada", "Ben")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("at the window:", len(tables["window"]))
