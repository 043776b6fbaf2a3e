from threading import Thread


class Shape:
    def corners(self):
        return 1


def two(self):
    return 2


def change():
    Shape.corners = two


thread = Thread(target=change)
thread.start()
result = Shape().corners()
thread.join()
print(result)
