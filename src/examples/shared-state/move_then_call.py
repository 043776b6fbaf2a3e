from threading import Lock


class Jars:
    def __init__(self, changed):
        self.lock = Lock()
        self.shelf = ["plum", "pear"]
        self.table = []
        self.changed = changed

    def total(self):
        with self.lock:
            return len(self.shelf) + len(self.table)

    def move(self):
        with self.lock:
            jar = self.shelf.pop()
            self.table.append(jar)
        self.changed(self)


def show(jars):
    print("jars:", jars.total())


jars = Jars(changed=show)
jars.move()
