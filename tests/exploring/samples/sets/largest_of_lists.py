from threading import Thread

rows = [[3], [1]]
seen = []


def change():
    rows[0][0] = 0


def look():
    seen.append(max(rows))
    seen.append(sorted(rows))


threads = [Thread(target=target) for target in (change, look)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(seen)
