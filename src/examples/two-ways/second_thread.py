from threading import Thread, current_thread


def say_hello():
    print("hello from", current_thread().name)


second = Thread(target=say_hello)
second.start()
say_hello()
