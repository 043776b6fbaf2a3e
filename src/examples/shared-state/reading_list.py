from threading import Thread

tables = [2, 4]


def book():
    tables.append(3)


booking = Thread(target=book, name="booking")
booking.start()
seats = 0
for number in tables:
    seats += number
booking.join()
print("seats:", seats)
