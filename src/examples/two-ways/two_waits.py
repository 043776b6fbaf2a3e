from threading import Thread
from time import sleep


def fetch(name):
    print(f"{name} is asked\n", end="")
    sleep(0.25)  # a server takes its time to answer
    print(f"{name} has answered\n", end="")


if __name__ == "__main__":
    north = Thread(target=fetch, args=["north"], name="north")
    south = Thread(target=fetch, args=["south"], name="south")
    north.start()
    south.start()
    north.join()
    south.join()
