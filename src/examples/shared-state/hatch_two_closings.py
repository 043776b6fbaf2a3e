from queue import Queue
from threading import Thread

hatch = Queue()


def cook():
    hatch.put("soup")
    hatch.put(None)
    hatch.put(None)


def serve():
    while (dish := hatch.get()) is not None:
        print(f"served: {dish}\n", end="")
    print("a waiter goes home\n", end="")


Thread(target=cook).start()
Thread(target=serve).start()
Thread(target=serve).start()
