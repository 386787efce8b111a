"""What other rooms listen to: they know of requests, requests do not know of them."""

from blinker import Signal

# Sent with session, actor, now and reason when a request comes to its end.
ended = Signal()
