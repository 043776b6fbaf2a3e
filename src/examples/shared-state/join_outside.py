from threading import Lock, Thread

kitchen = Lock()
orders = []


def take_order():
    with kitchen:
        orders.append("soup")


waiter = Thread(target=take_order, name="waiter")
waiter.start()
waiter.join()
with kitchen:
    print("orders:", len(orders))
