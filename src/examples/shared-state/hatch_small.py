from queue import Queue
from threading import Thread

hatch = Queue(maxsize=1)


def cook():
    for dish in ("soup", "fish", None):
        hatch.put(dish)
    print("the cook goes home\n", end="")


def serve():
    while (dish := hatch.get()) is not None:
        print(f"served: {dish}\n", end="")


Thread(target=cook).start()
Thread(target=serve).start()
