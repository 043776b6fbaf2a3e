from threading import Thread


class Closed:
    def state(self):
        return 1


class Open(Closed):
    state = lambda self: 2


door = Closed()


def change():
    door.__class__ = Open


thread = Thread(target=change)
thread.start()
result = door.state()
thread.join()
print(result)
