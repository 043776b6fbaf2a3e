from threading import Lock, Thread


class Machine:
    def __init__(self):
        self.lock = Lock()

    def wash(self, load):
        with self.lock:
            print(f"{load}: in\n", end="")
            print(f"{load}: out\n", end="")


left, right = Machine(), Machine()
Thread(target=left.wash, args=["shirts"]).start()
Thread(target=left.wash, args=["towels"]).start()
Thread(target=right.wash, args=["jeans"]).start()
