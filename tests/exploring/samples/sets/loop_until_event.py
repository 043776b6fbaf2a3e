import threading


def waiter():
    while not event.is_set():
        event.wait(2)
        print("x")


event = threading.Event()
threading.Thread(target=print, args=("b",)).start()
threading.Thread(target=waiter).start()
event.set()
print("done")
