import os
import signal

pids = []
printed, prints = os.pipe()
for _ in range(200):
    pid = os.fork()
    if pid == 0:
        print("child", flush=True)
        os.write(prints, b".")
        signal.pause()
    pids.append(pid)
    os.read(printed, 1)
for pid in pids[:100]:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
os._exit(0)
