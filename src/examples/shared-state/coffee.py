from threading import Thread

pot = None


def brew():
    print("brewing\n", end="")
    return "coffee"


def pour():
    global pot
    if pot is None:
        pot = brew()


ada = Thread(target=pour, name="Ada")
ben = Thread(target=pour, name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
print("in the pot:", pot)
