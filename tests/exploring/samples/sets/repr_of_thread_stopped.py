from threading import Thread

thread = Thread(target=int)
thread.start()
result = "stopped" in repr(thread)
thread.join()
print(result)
