from threading import Thread


class Base:
    limit = 0


class Special(Base):
    pass


def change():
    Special.limit = 1


thread = Thread(target=change)
thread.start()
result = Special.limit
thread.join()
print(result)
