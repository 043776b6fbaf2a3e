from threading import Thread


class Base:
    pass


class Special(Base):
    pass


def change():
    Base.limit = 2


thread = Thread(target=change)
thread.start()
result = getattr(Special, "limit", 0)
thread.join()
print(result)
