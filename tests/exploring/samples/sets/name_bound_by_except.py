from threading import Thread

got = []


def read():
    try:
        got.append(str(error))
    except NameError:
        got.append("no name")


thread = Thread(target=read)
thread.start()
try:
    raise ValueError("v")
except ValueError as error:
    pass
thread.join()
print(got)
