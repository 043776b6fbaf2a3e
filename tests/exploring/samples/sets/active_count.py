import threading

seen = []


def look():
    seen.append(threading.active_count())


def work():
    pass


first = threading.Thread(target=look)
second = threading.Thread(target=work)
first.start()
second.start()
first.join()
second.join()
print(seen)
