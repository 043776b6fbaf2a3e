from queue import Queue
from threading import Thread

hatch = Queue()
hatch.put("soup")


def serve(name):
    if not hatch.empty():
        print(f"{name} serves {hatch.get()}\n", end="")


Thread(target=serve, args=["Ada"]).start()
Thread(target=serve, args=["Ben"]).start()
