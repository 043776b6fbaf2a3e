from threading import Thread

items = []


def get():
    return items


def change():
    items.append(1)


thread = Thread(target=change)
thread.start()
result = "yes" if get() else "no"
thread.join()
print(result)
