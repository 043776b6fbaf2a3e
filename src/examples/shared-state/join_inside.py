from threading import Lock, Thread

kitchen = Lock()
orders = []


def take_order():
    with kitchen:
        orders.append("soup")


waiter = Thread(target=take_order, name="waiter")
with kitchen:
    waiter.start()
    waiter.join(timeout=0.02)
    print("orders:", len(orders))
