"""What packages above listen to: they prepare missions."""

from blinker import Signal

# Sent with `session`: each receiver returns what a mission still needs before it is cleared.
preparing = Signal()
# Sent with `work` and `until`, in the transaction in which a mission gets other days: what was
# made ready until then was so for the former ones.
days_changed = Signal()
# Sent with `work`, in the transaction in which a mission comes under other terms of reference.
terms_changed = Signal()
