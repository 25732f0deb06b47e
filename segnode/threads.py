"""How the threads of a computation wait for each other; imported before torch, whose OpenMP reads it only once.

torch's wheels bring GNU's OpenMP (libgomp). Its threads spin while they wait: where another process has one of the
cores, those that wait burn the time that the one waited for needs. Set to sleep, they slow down in proportion.

`scripts/results/threads.json` has one solve of the bundled network on two cores, measured by `scripts/threads.py`: on
idle cores threads that spin are faster; beside two busy processes threads that sleep take half of their time or less.
One thread is as fast as two that sleep on idle cores, but leaves the cores of a larger machine unused.
"""

import os

#: Settings of the user's environment are kept.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
