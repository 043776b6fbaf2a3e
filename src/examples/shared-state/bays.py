from threading import Semaphore, Thread

bays = Semaphore(2)


def park(car):
    with bays:
        print(f"{car} parks\n", end="")
        print(f"{car} leaves\n", end="")


for car in ("red", "blue", "green"):
    Thread(target=park, args=[car], name=car).start()
