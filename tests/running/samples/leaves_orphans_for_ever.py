import os
import signal

for in_own_session in (False, True):
    if os.fork() == 0:
        if in_own_session:
            os.setsid()
        if os.fork() == 0:
            for end in range(3):  # nor can it be told by its open files
                os.close(end)
            while True:
                signal.pause()
        os._exit(0)
print("the parent", flush=True)
