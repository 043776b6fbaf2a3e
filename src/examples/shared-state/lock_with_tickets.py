from threading import Lock, Thread


def one_fewer(number):
    return number - 1


class Tickets:
    def __init__(self, number):
        self.left = number
        self.lock = Lock()

    def sell(self):
        with self.lock:
            self.left = one_fewer(self.left)


tickets = Tickets(2)
threads = [Thread(target=tickets.sell), Thread(target=tickets.sell)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("tickets left:", tickets.left)
