"""How the threads of a computation wait for each other; imported before torch, whose OpenMP reads it only once.

torch's wheels bring GNU's OpenMP (libgomp). Its threads spin while they wait: where another process has one of the
cores, those that wait burn the time that the one waited for needs. Told to sleep, they slow down in proportion.

Measured by `scripts/threads.py`, in `scripts/results/threads.json`: one solve of the bundled network on two cores,
one of which trained a network all the while (load about 4). Threads that spin took 2.9 to 3.3 s, and 4.4 to 6.5 s
beside two busy processes more; threads that sleep 0.4 s, and 0.8 s beside them. One thread did as well on this machine,
but leaves the cores of a larger one unused.
"""

import os

#: Settings of the user's environment are kept.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
