from threading import Lock, Thread

till = Lock()
stamp = Lock()


def price(tickets):
    return 12 * tickets


def work(done, tickets, first, second):
    with first:
        amount = price(tickets)
        with second:
            print(f"{done} {amount}\n", end="")


Thread(target=work, args=["sold for", 2, till, stamp], name="Ada").start()
Thread(target=work, args=["paid back", 1, stamp, till], name="Ben").start()
