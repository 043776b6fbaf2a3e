from concurrent.futures import *


if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        print(pool.submit(abs, -1).result())
