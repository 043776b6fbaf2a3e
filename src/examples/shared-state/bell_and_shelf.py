from threading import Condition, Thread

bell = Condition()
shelf = []


def serve():
    with bell:
        while not shelf:
            bell.wait()
        print(f"served: {shelf.pop(0)}")


waiter = Thread(target=serve, name="waiter")
waiter.start()
with bell:
    shelf.append("soup")
    bell.notify()
waiter.join()
