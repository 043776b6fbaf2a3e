from concurrent.futures import ThreadPoolExecutor
from threading import local

own = local()


def serve(dish, table=None):
    if table is not None:
        own.table = table
    print(f"{dish} to table {own.table}")


with ThreadPoolExecutor(max_workers=1) as pool:
    pool.submit(serve, "soup", table=1)
    pool.submit(serve, "fish")
