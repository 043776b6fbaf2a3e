from threading import Thread

groups = {"a": []}
seen = []


def fill():
    groups["a"].append(1)


def look():
    if groups.get("a"):
        seen.append("some")
    seen.append(groups.get("a") == [1])


threads = [Thread(target=target) for target in (fill, look)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(seen)
