"""What the deployments room listens to."""

from blinker import Signal

# Sent with session, actor and now, in the transaction of the selection.
selected = Signal()
# Sent with session, actor, now and reason when a selected expert's match is cancelled.
cancelled = Signal()
