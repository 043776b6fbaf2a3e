from threading import Lock, Thread

stock = 10
counting = Lock()


def changed(number, by):
    return number + by


def sell():
    global stock
    with counting:
        stock = changed(stock, by=-1)


def deliver():
    global stock
    with counting:
        stock = changed(stock, by=5)


threads = [Thread(target=sell), Thread(target=deliver)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("in stock:", stock)
