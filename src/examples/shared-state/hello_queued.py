from queue import Queue
from threading import Thread

lines = Queue()


def say_hello(name):
    lines.put(f"hello from {name}")


ada = Thread(target=say_hello, args=["Ada"])
ben = Thread(target=say_hello, args=["Ben"])
ada.start()
ben.start()
for _ in range(2):
    print(lines.get())
