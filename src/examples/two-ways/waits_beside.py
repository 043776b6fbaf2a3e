from socket import socketpair
from threading import Thread

here, there = socketpair()


def wait_for_total():
    print("received", there.recv(100).decode())


waiter = Thread(target=wait_for_total)
waiter.start()
total = sum(n * n for n in range(1_000))
here.sendall(str(total).encode())
waiter.join()
here.close()
there.close()
