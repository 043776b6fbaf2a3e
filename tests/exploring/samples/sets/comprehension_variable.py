from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(1) as pool:
    futures = [pool.submit(lambda: i) for i in range(2)]
print([future.result() for future in futures])
