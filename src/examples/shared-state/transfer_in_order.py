from threading import Lock, Thread


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = Lock()


def move(amount, source, target):
    lower, higher = sorted([source, target], key=lambda account: account.number)
    with lower.lock, higher.lock:
        source.balance -= amount
        target.balance += amount


first, second = Account(1, 50), Account(2, 50)
there = Thread(target=move, args=[20, first, second], name="There")
back = Thread(target=move, args=[30, second, first], name="Back")
there.start()
back.start()
there.join()
back.join()
print(first.balance, second.balance)
