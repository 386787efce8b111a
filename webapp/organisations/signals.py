"""What higher packages listen to: they know of organisations, organisations do not know of them."""

from blinker import Signal

# Sent with an account and `work` when it has become a member of an organisation.
joined = Signal()
# Sent with an organisation and `session` when somebody asks what its closing would mean; a listener
# answers with a sentence on what of it stays, or with None.
asked_what_stays = Signal()
# Sent with an organisation and `work` before it is closed; a listener refuses by raising.
closing = Signal()
