from threading import Lock, Thread

till = Lock()
stamp = Lock()
sold = []


def sell():
    for _ in range(2):
        with till, stamp:
            sold.append(1)


def refund():
    for _ in range(2):
        with stamp, till:
            sold.append(-1)


ada = Thread(target=sell, name="Ada")
ben = Thread(target=refund, name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
print("sold:", sum(sold))
