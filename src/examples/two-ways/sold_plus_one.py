from threading import Thread

sold = 0


def sell():
    global sold
    sold += 1


window = Thread(target=sell)
window.start()
sell()
window.join()
print("sold:", sold)
