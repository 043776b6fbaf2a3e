from threading import Thread

items = []


def get():
    return items


def change():
    items.append(1)


thread = Thread(target=change)
thread.start()
result = get() == [1]
thread.join()
print(result)
