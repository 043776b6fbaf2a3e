from threading import Thread
from time import sleep


def fetch(name):
    print(f"{name} is asked\n", end="")
    sleep(0.25)  # a server takes its time to answer
    print(f"{name} has answered\n", end="")


if __name__ == "__main__":
    threads = [Thread(target=fetch, args=[name], name=name) for name in ("north", "south")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
