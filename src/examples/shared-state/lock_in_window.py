from threading import Lock, Thread

tickets = 2


def one_fewer(number):
    return number - 1


class Window:
    def __init__(self):
        self.lock = Lock()

    def sell(self):
        global tickets
        with self.lock:
            tickets = one_fewer(tickets)


other = Thread(target=Window().sell)
other.start()
Window().sell()
other.join()
print("tickets left:", tickets)
