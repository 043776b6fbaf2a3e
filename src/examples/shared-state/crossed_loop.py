from threading import Lock, Thread

till, stamp = Lock(), Lock()
sold = []


def sell():
    for _ in range(2):
        with till, stamp:
            sold.append(1)


def refund():
    for _ in range(2):
        with stamp, till:
            sold.append(-1)


clerks = [Thread(target=sell, name="Ada"), Thread(target=refund, name="Ben")]
for clerk in clerks:
    clerk.start()
for clerk in clerks:
    clerk.join()
print("sold:", sum(sold))
