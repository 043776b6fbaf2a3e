from threading import Lock, Thread


def numbers():
    yield 1
    yield 2


tickets = numbers()
drawing = Lock()


def take(name):
    with drawing:
        number = next(tickets)
    print(f"{name} has {number}\n", end="")


Thread(target=take, args=["Ada"], name="Ada").start()
Thread(target=take, args=["Ben"], name="Ben").start()
