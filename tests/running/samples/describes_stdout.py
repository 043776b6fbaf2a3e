import os
import sys

out = sys.stdout
print(out.isatty(), out.line_buffering, out.write_through, out.encoding, out.errors)
print(tuple(os.get_terminal_size()) if out.isatty() else None, sys.stderr.isatty())
