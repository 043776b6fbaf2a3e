from threading import Lock, Thread

pot = None
kitchen = Lock()


def brew():
    print("brewing\n", end="")
    return "coffee"


def pour():
    global pot
    with kitchen:
        if pot is None:
            pot = brew()


people = [Thread(target=pour, name=name) for name in ("Ada", "Ben")]
for person in people:
    person.start()
for person in people:
    person.join()
print("in the pot:", pot)
