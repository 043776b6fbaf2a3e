from threading import Thread

rows = [[3], [1]]


def change():
    rows[0][0] = 0


thread = Thread(target=change)
thread.start()
result = [3] in rows
thread.join()
print(result)
