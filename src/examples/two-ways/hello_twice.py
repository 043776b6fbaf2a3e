from threading import Thread


def say_hello(name):
    print("hello from", name)


ada = Thread(target=say_hello, args=["Ada"])
ben = Thread(target=say_hello, args=["Ben"])
ada.start()
ben.start()
