from threading import Lock, Thread

till = Lock()
stamp = Lock()


def work(clerk, first, second):
    with first:
        if second.acquire(timeout=0.02):
            print(f"{clerk} is done\n", end="")
            second.release()
        else:
            print(f"{clerk} gives up\n", end="")


ada = Thread(target=work, args=["Ada", till, stamp], name="Ada")
ben = Thread(target=work, args=["Ben", stamp, till], name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
