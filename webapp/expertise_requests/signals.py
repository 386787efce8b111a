"""What other packages listen to: they know of requests, requests do not know of them."""

from blinker import Signal

# Sent with `session` and `step`: each receiver returns what it has against the step, in words.
taking = Signal()
# Sent with `session` and `step`: each receiver returns what does not stand against the step, and
# whoever takes it is asked about before, in words.
asking = Signal()
# Sent with `session` and `actor` before a colleague takes a request over: each receiver returns
# what it has against that, in words.
taking_over = Signal()
# Sent with `session` and `actor`, a coordinator: each receiver returns why a colleague decides on
# the request for SEESAC, in words, if one has to.
deciding = Signal()
# Sent with `work` of a request for which as many are selected as it wants.
confirmed = Signal()
# Sent with `work` and `why` when a request comes to its end.
ended = Signal()
# Sent with `session` of a closed request on the days of its mission: each receiver returns whether
# all who went for it are back, before its last day.
all_back = Signal()
