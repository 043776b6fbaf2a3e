from threading import Thread

table = None


def serve(number):
    global table
    table = number
    carry()


def carry():
    print(f"to table {table}\n", end="")


Thread(target=serve, args=[1], name="Ada").start()
Thread(target=serve, args=[2], name="Ben").start()
