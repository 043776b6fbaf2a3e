from threading import Event, Thread

opened = Event()


def enter(name):
    opened.wait()
    print(f"{name} enters\n", end="")


for name in ("Ada", "Ben"):
    Thread(target=enter, args=[name], name=name).start()
print("we are open")
opened.set()
