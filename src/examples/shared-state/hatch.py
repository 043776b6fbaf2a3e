from queue import Queue
from threading import Thread

hatch = Queue()


def cook():
    for dish in ("soup", "fish"):
        hatch.put(dish)
    hatch.put(None)


def serve():
    while (dish := hatch.get()) is not None:
        print(f"served: {dish}\n", end="")
    print("the kitchen is closed\n", end="")


Thread(target=cook).start()
Thread(target=serve).start()
