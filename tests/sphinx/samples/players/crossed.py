from threading import Lock, Thread

till = Lock()
stamp = Lock()


def sell():
    with till, stamp:
        print("sold\n", end="")


def refund():
    with stamp, till:
        print("refunded\n", end="")


ada = Thread(target=sell, name="Ada")
ben = Thread(target=refund, name="Ben")
ada.start()
ben.start()
