from threading import Thread


class Till:
    only = None

    def __init__(self):
        self.sales = []

    @classmethod
    def get(cls):
        if cls.only is None:
            cls.only = cls()
        return cls.only


def sell(what):
    Till.get().sales.append(what)


threads = [Thread(target=sell, args=[what]) for what in ("tea", "cake")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("sales:", len(Till.get().sales))
