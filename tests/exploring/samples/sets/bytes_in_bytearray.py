print(b"ab" in bytearray(b"abc"))
