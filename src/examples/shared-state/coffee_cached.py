from functools import cache
from threading import Thread


@cache
def pot():
    print("brewing\n", end="")
    return "coffee"


ada = Thread(target=pot, name="Ada")
ben = Thread(target=pot, name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
print("in the pot:", pot())
