from multiprocessing import Process


def say_hello():
    print("hello from the child\n", end="")


if __name__ == "__main__":
    Process(target=say_hello).start()
    print("ready for the next line\n", end="")
