from threading import Thread

number = 0
got = []


def read():
    got.append(number)


thread = Thread(target=read)
thread.start()
match 5:
    case number:
        pass
thread.join()
print(got)
