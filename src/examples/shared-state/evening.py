from threading import Thread

prices = {}
prices["soup"] = 4
prices["fish"] = 9
bills = {}


def add_up(table, dishes):
    total = 0
    for dish in dishes:
        total += prices[dish]
    bills[table] = total


waiters = [
    Thread(target=add_up, args=[1, ("soup", "fish")], name="table 1"),
    Thread(target=add_up, args=[2, ("fish", "fish")], name="table 2"),
]
for waiter in waiters:
    waiter.start()
for waiter in waiters:
    waiter.join()
print("table 1:", bills[1], "table 2:", bills[2])
