from threading import Condition, Thread

bell = Condition()


def eat(name):
    with bell:
        bell.wait()
    print(f"{name} eats\n", end="")


Thread(target=eat, args=["Ada"], name="Ada").start()
Thread(target=eat, args=["Ben"], name="Ben").start()
print("dinner is ready")
with bell:
    bell.notify_all()
