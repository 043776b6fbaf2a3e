from threading import Condition, Thread

bell = Condition()
shelf = []


def serve(name):
    with bell:
        bell.wait_for(lambda: shelf)
        print(f"{name} serves {shelf.pop(0)}\n", end="")


Thread(target=serve, args=["Ada"], name="Ada").start()
Thread(target=serve, args=["Ben"], name="Ben").start()
for dish in ("soup", "fish"):
    with bell:
        shelf.append(dish)
        bell.notify()
