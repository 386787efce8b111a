"""What other packages listen to: they know of the roster, it does not know of them."""

from blinker import Signal

# Sent with `work` before a profile is locked that is going to leave the active roster, or to stay
# off it: what is locked before profiles has to be locked now.
leaving = Signal()
# Sent with `work` when a profile is not active on the roster any more.
left = Signal()
# Sent with `work` when its owner has removed an entry: what was quoted of it goes as well.
entry_removed = Signal()
