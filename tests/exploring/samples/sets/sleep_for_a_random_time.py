import random
import threading
import time


def work():
    time.sleep(random.random())
    print("a")


threading.Thread(target=work).start()
