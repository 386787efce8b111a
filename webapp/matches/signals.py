"""What the deployments package listens to, and answers."""

from blinker import Signal

# Sent with `work`, in the transaction of the selection.
selected = Signal()
# Sent with `work` and `reason` when a selected expert's match is cancelled.
cancelled = Signal()
# Sent with `session`: each receiver tells whether the expert of a match was on its mission already.
been_there = Signal()
