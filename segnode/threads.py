"""How the threads of a computation wait for each other; imported before torch, whose OpenMP reads it only once.

torch's wheels bring GNU's OpenMP (libgomp). Its threads spin while they wait: where another process has one of the
cores, those that wait burn the time that the one waited for needs. Told to sleep, they slow down in proportion.

Measured by `scripts/threads.py`, in `scripts/results/threads.json`: one solve of the bundled network on two cores,
one of which trained a network all the while. Threads that spin took about 1 s, and about 15 s beside two busy
processes more; threads that sleep about 0.7 s, and 0.8 s beside them. One thread did as well on this machine, but
leaves the cores of a larger one unused.
"""

import os

#: What people set themselves stays.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
