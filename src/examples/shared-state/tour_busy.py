from threading import Event, Thread

asked = Event()
known = Event()


def numbers():
    asked.set()
    known.wait()  # working it out takes a while
    yield 1


def take(name):
    print(f"{name} has {next(tickets)}\n", end="")


tickets = numbers()
Thread(target=take, args=["Ada"], name="Ada").start()
asked.wait()
try:
    take("Ben")
except ValueError as error:
    print(f"Ben has none: {error}\n", end="")
known.set()
