from threading import Lock, Thread

screen = Lock()


def say_hello(name):
    with screen:
        print("hello from", name)


ada = Thread(target=say_hello, args=["Ada"])
ben = Thread(target=say_hello, args=["Ben"])
ada.start()
ben.start()
