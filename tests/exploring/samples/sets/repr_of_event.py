from threading import Event, Thread

event = Event()


def change():
    event.set()


thread = Thread(target=change)
thread.start()
result = "unset" in repr(event)
thread.join()
print(result)
