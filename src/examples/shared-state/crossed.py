from threading import Lock, Thread

till = Lock()
stamp = Lock()


def sell():
    with till:
        with stamp:
            print("sold\n", end="")


def refund():
    with stamp:
        with till:
            print("refunded\n", end="")


ada = Thread(target=sell, name="Ada")
ben = Thread(target=refund, name="Ben")
ada.start()
ben.start()
