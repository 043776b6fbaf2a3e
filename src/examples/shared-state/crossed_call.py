from threading import Lock, Thread

till = Lock()
stamp = Lock()


def price(tickets):
    return 12 * tickets


def sell():
    with till:
        amount = price(2)
        with stamp:
            print(f"sold for {amount}\n", end="")


def refund():
    with stamp:
        amount = price(1)
        with till:
            print(f"paid {amount} back\n", end="")


ada = Thread(target=sell, name="Ada")
ben = Thread(target=refund, name="Ben")
ada.start()
ben.start()
