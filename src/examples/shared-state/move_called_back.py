from threading import RLock


class Jars:
    def __init__(self):
        self.lock = RLock()
        self.shelf, self.table = ["plum", "pear"], []

    def total(self):
        with self.lock:
            return len(self.shelf) + len(self.table)

    def move(self, changed):
        with self.lock:
            jar = self.shelf.pop()
            changed(self)
            self.table.append(jar)


def show(jars):
    print("jars:", jars.total())


Jars().move(changed=show)
