import os
import subprocess
import sys

print("parent", flush=True)
if os.fork() == 0:
    os.write(1, b"forked\n")
    os.write(2, b"forked, stderr\n")
    os._exit(0)
os.wait()
subprocess.run([sys.executable, "-c", "print('subprocess')"], check=True)
