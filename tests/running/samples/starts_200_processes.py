import os
import signal

pids = []
for _ in range(200):
    pid = os.fork()
    if pid == 0:
        print("child", flush=True)
        signal.pause()
    pids.append(pid)
for pid in pids[:100]:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
os._exit(0)
