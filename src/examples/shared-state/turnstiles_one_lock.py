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


threads = [Thread(target=Turnstile().let_in), Thread(target=Turnstile().let_in)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("inside:", inside)
