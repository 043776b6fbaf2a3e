from threading import Thread

pairs = [[0, 0]]


def change():
    pairs[0][0] = 1
    pairs[0][1] = 1


thread = Thread(target=change)
thread.start()
for left, right in pairs:
    result = (left, right)
thread.join()
print(result)
