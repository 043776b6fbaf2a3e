from queue import Queue, ShutDown
from threading import Thread

hatch = Queue()


def serve():
    try:
        while True:
            print(f"served: {hatch.get()}\n", end="")
    except ShutDown:
        print("a waiter goes home\n", end="")


Thread(target=serve).start()
Thread(target=serve).start()
hatch.put("soup")
hatch.shutdown()
