"""What other packages listen to: they know of changes, changes do not know of them."""

from blinker import Signal

# Sent with `session` and `changes` (by field what it would say), of a request whose terms of
# reference somebody would change: who knows what stands against it raises a ConflictError. Without
# changes it is asked for any.
changing = Signal()

# Sent with `session`, `changes` and the `side` of who speaks, before a change binds: SEESAC offers
# it, or either side agrees. What stands against it may be of SEESAC's own work. Nobody is asked
# where a requester proposes one, who would learn of that work by a refusal: it is a question.
settling = Signal()

# Sent with `work`, of an amendment that was agreed to: the request says what was agreed already.
agreed = Signal()
