from threading import Thread

items = []
error = ValueError(items)


def change():
    items.append(1)


thread = Thread(target=change)
thread.start()
result = str(error)
thread.join()
print(result)
