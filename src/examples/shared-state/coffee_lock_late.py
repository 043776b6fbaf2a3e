from threading import Lock, Thread

pot = None
kitchen = Lock()


def brew():
    print("brewing\n", end="")
    return "coffee"


def pour():
    global pot
    if pot is None:
        with kitchen:
            pot = brew()


ada = Thread(target=pour, name="Ada")
ben = Thread(target=pour, name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
print("in the pot:", pot)
