from threading import Lock, Thread


class Shelf:
    def __init__(self):
        self.lock = Lock()
        self.jars = []

    @property
    def full(self):
        with self.lock:
            return len(self.jars) == 1

    def add(self, jar):
        if not self.full:
            with self.lock:
                self.jars.append(jar)


shelf = Shelf()
adding = [Thread(target=shelf.add, args=[jar]) for jar in ("plum", "pear")]
for thread in adding:
    thread.start()
for thread in adding:
    thread.join()
print("jars:", len(shelf.jars))
