from queue import Queue
from threading import Thread

hatch = Queue()


def cook(dish):
    hatch.put(dish)
    hatch.put(None)


def serve():
    while (dish := hatch.get()) is not None:
        print(f"served: {dish}\n", end="")
    print("the waiter goes home\n", end="")


cooks = [Thread(target=cook, args=[dish]) for dish in ("soup", "fish")]
for thread in cooks:
    thread.start()
Thread(target=serve).start()
