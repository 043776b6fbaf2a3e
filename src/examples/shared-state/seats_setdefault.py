from threading import Thread

tables = {}


def seat(name):
    tables.setdefault("window", []).append(name)


threads = [Thread(target=seat, args=[name]) for name in ("Ada", "Ben")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("at the window:", len(tables["window"]))
