from threading import Thread

guests = []
counted = {"guests": 0}


def one():
    return 1


def enter(name):
    guests.append(name)
    counted["guests"] += one()


front = Thread(target=enter, args=["Ada"], name="front door")
back = Thread(target=enter, args=["Ben"], name="back door")
front.start()
back.start()
front.join()
back.join()
print("on the list:", len(guests), "counted:", counted["guests"])
