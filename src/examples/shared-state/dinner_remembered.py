from threading import Condition, Thread

bell = Condition()
ready = False


def eat(name):
    with bell:
        bell.wait_for(lambda: ready)
    print(f"{name} eats\n", end="")


Thread(target=eat, args=["Ada"], name="Ada").start()
Thread(target=eat, args=["Ben"], name="Ben").start()
print("dinner is ready")
with bell:
    ready = True
    bell.notify_all()
