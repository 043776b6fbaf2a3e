from threading import Thread

prices = {"soup": 4, "fish": 9}
bills = []


def add_up(dishes):
    menu = prices
    total = 0
    for dish in dishes:
        total += menu[dish]
    bills.append(total)


waiter = Thread(target=add_up, args=[("fish", "fish")], name="waiter")
waiter.start()
prices = {"soup": 4, "fish": 10}
waiter.join()
print("two fish:", bills[0])
