import sys

gil_enabled = getattr(sys, "_is_gil_enabled", lambda: True)

print("one at a time:", gil_enabled())
print("switch interval:", sys.getswitchinterval(), "seconds")
