from collections import defaultdict
from threading import Thread

groups = defaultdict(lambda: [])


def add(item):
    groups["key"].append(item)


threads = [Thread(target=add, args=[item]) for item in "ab"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(groups["key"]))
