from threading import Lock, Thread

till = Lock()
stamp = Lock()
counter = Lock()


def sell():
    with counter, till, stamp:
        print("sold\n", end="")


def refund():
    with stamp, till, counter:
        print("refunded\n", end="")


ada = Thread(target=sell, name="Ada")
ben = Thread(target=refund, name="Ben")
ada.start()
ben.start()
