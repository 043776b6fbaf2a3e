from threading import Lock, Thread

stock = 10
counting = Lock()


def sell():
    global stock
    with counting:
        stock = max(stock - 1, 0)


def deliver():
    global stock
    stock = min(stock + 5, 20)


threads = [Thread(target=sell), Thread(target=deliver)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("in stock:", stock)
