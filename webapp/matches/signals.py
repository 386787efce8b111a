"""What the deployments package listens to, and answers."""

from blinker import Signal

# Sent with `work`, in the transaction of the selection.
selected = Signal()
# Sent with `work` and `reason` when a selected expert's match is cancelled.
cancelled = Signal()
# Sent by a session with `match_ids` and `only_back`: each receiver returns those of them whose
# experts are on their mission, or were on it; or only those who are back.
departed = Signal()
