from threading import Thread, current_thread


def say_hello():
    print("hello from", current_thread().name)


thread = Thread(target=say_hello)
thread.start()
say_hello()
thread.join()
