from threading import Thread

number = 0
items = []


def change():
    global number
    number = 1
    items.append(1)


thread = Thread(target=change)
thread.start()
result = items + [number]
thread.join()
print(result)
