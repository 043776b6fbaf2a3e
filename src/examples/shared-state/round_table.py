from threading import Lock, Thread

forks = [Lock(), Lock(), Lock()]


def dine(seat):
    left = forks[seat]
    right = forks[(seat + 1) % 3]
    with left, right:
        print(f"seat {seat} eats\n", end="")


for seat in range(3):
    Thread(target=dine, args=[seat], name=f"seat {seat}").start()
