from threading import RLock, Thread


class Shelf:
    def __init__(self):
        self.lock = RLock()
        self.jars = []

    @property
    def full(self):
        with self.lock:
            return len(self.jars) == 1

    def add(self, jar):
        with self.lock:
            if not self.full:
                self.jars.append(jar)


shelf = Shelf()
adding = [Thread(target=shelf.add, args=[jar]) for jar in ("plum", "pear")]
for thread in adding:
    thread.start()
for thread in adding:
    thread.join()
print("jars:", len(shelf.jars))
