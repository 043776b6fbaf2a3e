from threading import Thread

stack = [[1], [2]]
top = stack[-1]


def change():
    top[0] = 9


thread = Thread(target=change)
thread.start()
result = stack.pop() == [2]
thread.join()
print(result)
