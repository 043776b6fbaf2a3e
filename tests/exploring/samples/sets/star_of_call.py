from threading import Thread

items = [1]


def get():
    return items


def change():
    items.append(2)


thread = Thread(target=change)
thread.start()
print(*get(), sep="-")
thread.join()
