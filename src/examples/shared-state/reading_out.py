from threading import Thread

guests = {"Ada": 2, "Ben": 4}


def book():
    guests["Cid"] = 3


booking = Thread(target=book, name="booking")
booking.start()
seats = 0
for number in guests.values():
    seats += number
booking.join()
print("seats:", seats)
