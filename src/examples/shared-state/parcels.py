from threading import Lock, Thread

earned = 0
counting = Lock()


def deliver(parcel, price):
    global earned
    with counting:
        print(f"{parcel} leaves\n", end="")
        print(f"{parcel} arrives\n", end="")
        earned += price


threads = [Thread(target=deliver, args=["book", 5]), Thread(target=deliver, args=["lamp", 8])]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("earned:", earned)
