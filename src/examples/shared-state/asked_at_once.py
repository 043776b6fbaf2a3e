from threading import Lock, Thread
from time import sleep

prices = {}
updating = Lock()


def ask(what):
    print(f"asking for {what}\n", end="")
    sleep(0.25)  # the shop looks it up
    print(f"{what} is known\n", end="")
    return 10 * len(what)


def update(what):
    price = ask(what)
    with updating:
        prices[what] = price


threads = [Thread(target=update, args=[what]) for what in ("tea", "milk")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("total:", sum(prices.values()))
