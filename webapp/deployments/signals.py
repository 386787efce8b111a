"""What packages above listen to: they prepare missions."""

from blinker import Signal

# Sent with `session`: each receiver returns what a mission still needs before it is cleared.
preparing = Signal()
# Sent with `work`, in the transaction in which a mission gets other days, or is planned again.
days_changed = Signal()
