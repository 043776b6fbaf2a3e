from threading import Thread

guests = []


def enter(name):
    guests.append(name)


front = Thread(target=enter, args=["Ada"], name="front door")
back = Thread(target=enter, args=["Ben"], name="back door")
front.start()
back.start()
front.join()
back.join()
print("on the list:", len(guests))
