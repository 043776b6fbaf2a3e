from threading import Lock, Thread

forks = [Lock(), Lock(), Lock()]


def dine(seat):
    order = sorted([seat, (seat + 1) % 3])
    with forks[order[0]], forks[order[1]]:
        print(f"seat {seat} eats\n", end="")


for seat in range(3):
    Thread(target=dine, args=[seat], name=f"seat {seat}").start()
