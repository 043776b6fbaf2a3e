from threading import Lock, Thread

inside = 0


def one_more(number):
    return number + 1


class Turnstile:
    def __init__(self):
        self.lock = Lock()

    def let_in(self):
        global inside
        with self.lock:
            inside = one_more(inside)


threads = [Thread(target=Turnstile().let_in), Thread(target=Turnstile().let_in)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("inside:", inside)
