from threading import Thread

totals = []


def count_to_three():
    count = 0
    for _ in range(3):
        count += 1
    totals.append(count)


helper = Thread(target=count_to_three)
helper.start()
count_to_three()
helper.join()
print(totals)
