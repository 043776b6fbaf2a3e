from threading import Lock, Thread

tickets = 1


def one_fewer(number):
    return number - 1


def sell(clerk):
    global tickets
    counting = Lock()
    with counting:
        left = tickets
        if left > 0:
            tickets = one_fewer(left)
            print(f"{clerk} sold a ticket\n", end="")


ada = Thread(target=sell, args=["Ada"], name="Ada")
ben = Thread(target=sell, args=["Ben"], name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
print("tickets left:", tickets)
