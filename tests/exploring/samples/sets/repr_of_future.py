from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(1) as pool:
    future = pool.submit(pow, 2, 2)
    result = "finished" in repr(future)
print(result)
