from io import StringIO
from threading import Thread

memory = StringIO()


def say_hello(name):
    print("hello from", name, file=memory)


ada = Thread(target=say_hello, args=["Ada"])
ben = Thread(target=say_hello, args=["Ben"])
ada.start()
ben.start()
ada.join()
ben.join()
print(memory.getvalue(), end="")
