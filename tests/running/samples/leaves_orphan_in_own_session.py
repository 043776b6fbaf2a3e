import os
import sys

read_end, write_end = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.close(write_end)
        os.read(read_end, 1)  # until both ancestors have gone
        sys.stdout.write("the orphan\n")
        sys.stdout.flush()
    os._exit(0)
print("the parent", flush=True)
