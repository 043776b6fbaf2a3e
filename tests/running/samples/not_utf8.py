import os

os.write(1, b"caf\xe9 caf\xc3\xa9\n")
os.write(2, b"\xff\n")
