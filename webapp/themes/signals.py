"""What higher packages listen to: they rank by themes, themes do not know of rankings."""

from blinker import Signal

# Sent with a language and `wording` before it becomes a synonym; a listener refuses by raising.
adding_wording = Signal()
