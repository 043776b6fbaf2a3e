from threading import Thread

late = Thread(target=int)
seen = []


def look():
    seen.append(late.ident is None)


other = Thread(target=look)
other.start()
late.start()
late.join()
other.join()
print(seen)
