from threading import Lock, Thread

guests = []
counted = {"guests": 0}
counting = Lock()


def enter(name):
    guests.append(name)
    with counting:
        counted["guests"] += 1


front = Thread(target=enter, args=["Ada"], name="front door")
back = Thread(target=enter, args=["Ben"], name="back door")
front.start()
back.start()
front.join()
back.join()
print("on the list:", len(guests), "counted:", counted["guests"])
