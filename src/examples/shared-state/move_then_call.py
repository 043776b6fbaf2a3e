from threading import Lock


class Jars:
    def __init__(self):
        self.lock = Lock()
        self.shelf, self.table = ["plum", "pear"], []

    def total(self):
        with self.lock:
            return len(self.shelf) + len(self.table)

    def move(self, changed):
        with self.lock:
            jar = self.shelf.pop()
            self.table.append(jar)
        changed(self)


def show(jars):
    print("jars:", jars.total())


Jars().move(changed=show)
