from threading import Thread

seen = []
once = Thread(target=lambda: seen.append("ran"))


def start():
    try:
        once.start()
    except RuntimeError:
        seen.append("twice")


threads = [Thread(target=start) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
once.join()
print(sorted(seen))
