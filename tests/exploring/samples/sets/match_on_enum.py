import enum
from threading import Thread


class Light(enum.Enum):
    RED = 1
    GREEN = 2


light = Light.RED


def switch():
    global light
    light = Light.GREEN


thread = Thread(target=switch)
thread.start()
match light:
    case Light.RED:
        print("red")
    case Light.GREEN:
        print("green")
