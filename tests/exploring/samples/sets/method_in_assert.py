from threading import Thread


class Registry:
    def __init__(self):
        self.entries = {}

    def view(self):
        return self.entries


registry = Registry()
thread = Thread(target=lambda: registry.entries.update(a=1))
thread.start()
try:
    assert registry.view(), "empty"
    print("full")
except AssertionError as error:
    print(error)
thread.join()
