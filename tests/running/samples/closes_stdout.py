import os
import sys

print("before", flush=True)
os.close(1)
os.close(0)
print("still here", file=sys.stderr)
os._exit(3)
