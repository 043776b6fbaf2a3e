import multiprocessing
import sys


def work(stream):
    stream.write("x")


if __name__ == "__main__":
    process = multiprocessing.Process(target=work, args=(sys.stdout,))
    process.start()
    process.join()
