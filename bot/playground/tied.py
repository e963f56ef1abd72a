"""Runs a Python program that ends when nobody holds the other end of its standard input.

So the bot of a demo ends with the demo, whatever ended that.
"""

import os
import runpy
import signal
import sys
import threading
from pathlib import Path


def main() -> None:
    """Run the program that the command line names, with the arguments that follow it."""
    sys.argv = sys.argv[1:]
    sys.path.insert(0, str(Path(sys.argv[0]).parent))
    threading.Thread(target=_end_with_input, daemon=True).start()
    runpy.run_path(sys.argv[0], run_name="__main__")


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
