from dataclasses import dataclass
from threading import Thread


@dataclass
class Account:
    balance: int


accounts = [Account(0)]


def change():
    accounts[0].balance = 1


thread = Thread(target=change)
thread.start()
result = str(accounts)
thread.join()
print(result)
