from threading import Thread

rally = []


def play(sound, turn):
    while (strokes := len(rally)) < 6:
        if strokes % 2 == turn:
            rally.append(sound)


ping = Thread(target=play, args=["ping", 0])
pong = Thread(target=play, args=["pong", 1])
ping.start()
pong.start()
ping.join()
pong.join()
print(*rally)
