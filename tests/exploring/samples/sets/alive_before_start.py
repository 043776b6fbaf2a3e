from threading import Thread

seen = []


def look():
    seen.append(second.is_alive())


def work():
    pass


first = Thread(target=look)
second = Thread(target=work)
first.start()
second.start()
first.join()
second.join()
print(seen)
