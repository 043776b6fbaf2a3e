from threading import Thread

fruit = {"apple", "pear", "fig"}


def show():
    for name in fruit:
        print(name, end=" ")


thread = Thread(target=show)
thread.start()
thread.join()
