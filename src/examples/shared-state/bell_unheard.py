from threading import Condition, Thread

bell = Condition()


def serve():
    with bell:
        bell.wait()
    print("the soup is served")


waiter = Thread(target=serve, name="waiter")
waiter.start()
with bell:
    bell.notify()
waiter.join()
