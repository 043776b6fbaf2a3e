from threading import Thread

pair = [0, 0]


def get():
    return pair


def change():
    pair[0] = 1


thread = Thread(target=change)
thread.start()
left, right = get()
thread.join()
print(left, right)
