"""What packages above the roster listen to."""

from blinker import Signal

# Sent with `work`, in the transaction in which an expert changes when they are not available.
unavailable_changed = Signal()
