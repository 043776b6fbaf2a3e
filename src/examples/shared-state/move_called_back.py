from threading import RLock


class Jars:
    def __init__(self, changed):
        self.lock = RLock()
        self.shelf = ["plum", "pear"]
        self.table = []
        self.changed = changed

    def total(self):
        with self.lock:
            return len(self.shelf) + len(self.table)

    def move(self):
        with self.lock:
            jar = self.shelf.pop()
            self.changed(self)
            self.table.append(jar)


def show(jars):
    print("jars:", jars.total())


jars = Jars(changed=show)
jars.move()
