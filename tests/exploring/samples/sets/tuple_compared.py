from threading import Thread

items = []


def change():
    items.append(1)


thread = Thread(target=change)
thread.start()
result = (items, 0) == ([1], 0)
thread.join()
print(result)
