from threading import Lock, Thread


class Oven:
    lock = Lock()

    def bake(self, cake):
        with self.lock:
            print(f"{cake}: in\n", end="")
            print(f"{cake}: out\n", end="")


Thread(target=Oven().bake, args=["plum cake"]).start()
Thread(target=Oven().bake, args=["nut cake"]).start()
