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


other = Thread(target=Turnstile().let_in)
other.start()
Turnstile().let_in()
other.join()
print("inside:", inside)
