import threading

out = []


def work():
    out.append(sum([[1], [2]], []))


thread = threading.Thread(target=work)
thread.start()
thread.join()
print(out)
print(min([1, 2], [0, 5]))
