from threading import Thread


class Above:
    price = 1


class Below(Above):
    def cost(self):
        return super().price


def change():
    Above.price = 2


thread = Thread(target=change)
thread.start()
print(Below().cost())
thread.join()
