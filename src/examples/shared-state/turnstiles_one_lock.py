from threading import Lock, Thread

inside = 0
counting = Lock()


def one_more(number):
    return number + 1


class Turnstile:
    def let_in(self):
        global inside
        with counting:
            inside = one_more(inside)


other = Thread(target=Turnstile().let_in)
other.start()
Turnstile().let_in()
other.join()
print("inside:", inside)
