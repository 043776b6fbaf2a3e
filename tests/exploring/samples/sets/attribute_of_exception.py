from threading import Thread

error = ValueError("x")


def change():
    error.code = 5


thread = Thread(target=change)
thread.start()
result = getattr(error, "code", 0)
thread.join()
print(result)
