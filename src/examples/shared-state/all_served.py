from queue import Queue
from threading import Thread

hatch = Queue()


def serve():
    while True:
        dish = hatch.get()
        print(f"served: {dish}\n", end="")
        hatch.task_done()


Thread(target=serve, daemon=True).start()
for dish in ("soup", "fish"):
    hatch.put(dish)
hatch.join()
print("everybody has eaten")
