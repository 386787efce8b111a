"""What the deployments package listens to."""

from blinker import Signal

# Sent with `work`, in the transaction of the selection.
selected = Signal()
# Sent with `work` and `reason` when a selected expert's match is cancelled.
cancelled = Signal()
