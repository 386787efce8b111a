"""What other packages listen to: they know of the roster, it does not know of them."""

from blinker import Signal

# Sent with `work` before a profile is locked that is going to leave the active roster, or to stay
# off it: what is locked before profiles has to be locked now.
leaving = Signal()
# Sent with `work` when a profile is not active on the roster any more.
left = Signal()
# Sent with `work` when texts of a profile were changed or removed: what was quoted of them and does
# not stand there any more goes as well.
texts_changed = Signal()
# Sent with `work`, in the transaction in which an expert changes when they are not available.
unavailable_changed = Signal()
