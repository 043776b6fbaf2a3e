from queue import Empty, Queue
from threading import Thread

hatch = Queue()
hatch.put("soup")


def serve(name):
    try:
        print(f"{name} serves {hatch.get_nowait()}\n", end="")
    except Empty:
        print(f"{name} finds nothing\n", end="")


Thread(target=serve, args=["Ada"]).start()
Thread(target=serve, args=["Ben"]).start()
