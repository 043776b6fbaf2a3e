from threading import Lock, Thread


class Shelf:
    def __init__(self):
        self.lock = Lock()
        self.jars = []

    def add(self, jar):
        with self.lock:
            self.jars.append(jar)

    def take(self):
        with self.lock:
            if not self.jars:
                self.add("bought")
            return self.jars.pop(0)


shelf = Shelf()
ada = Thread(target=shelf.add, args=["home-made"], name="Ada")
ben = Thread(target=shelf.take, name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
print("left:", shelf.jars)
