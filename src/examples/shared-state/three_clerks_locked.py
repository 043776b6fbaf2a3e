from threading import Lock, Thread

tickets = 2
counting = Lock()


def one_fewer(number):
    return number - 1


def sell(clerk):
    global tickets
    with counting:
        if tickets > 0:
            tickets = one_fewer(tickets)
            print(f"{clerk} sold a ticket\n", end="")


clerks = [Thread(target=sell, args=[name], name=name) for name in ["Ada", "Ben", "Cid"]]
for clerk in clerks:
    clerk.start()
for clerk in clerks:
    clerk.join()
print("tickets left:", tickets)
