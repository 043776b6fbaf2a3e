from threading import Thread

sold = 0


def one_more(number):
    return number + 1


def sell():
    global sold
    sold = one_more(sold)


window = Thread(target=sell)
window.start()
sell()
window.join()
print("sold:", sold)
