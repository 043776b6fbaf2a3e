import sys
from threading import Thread


def say_hello(name):
    sys.stdout.write(f"hello from {name}\n")


ada = Thread(target=say_hello, args=["Ada"])
ben = Thread(target=say_hello, args=["Ben"])
ada.start()
ben.start()
