from concurrent.futures import ThreadPoolExecutor
from time import sleep


def fetch(number):
    sleep(0.25)  # a server takes its time to answer
    return f"page {number}"


if __name__ == "__main__":
    with ThreadPoolExecutor(4) as workers:
        print(*workers.map(fetch, range(1, 5)), sep="\n")
