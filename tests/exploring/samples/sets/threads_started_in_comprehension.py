import threading

threads = []


def go(target):
    thread = threading.Thread(target=target)
    thread.start()
    threads.append(thread)


got = []
[go(lambda: got.append(i)) for i in range(2)]
for thread in threads:
    thread.join()
print(got)
