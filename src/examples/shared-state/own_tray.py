from threading import Thread, local

own = local()


def serve(number):
    own.table = number
    carry()


def carry():
    print(f"to table {own.table}\n", end="")


Thread(target=serve, args=[1], name="Ada").start()
Thread(target=serve, args=[2], name="Ben").start()
