import threading

own = threading.local()
own.count = 0
while own.count < 3:
    own.count += 1
print(own.count)
