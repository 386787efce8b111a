"""What a file brings along that would act on the computer of whoever opens it."""

from enum import Enum, auto


class Brought(Enum):
    """What is found in a file that is kept for others to open."""

    # Macros of an office file, or a control within it.
    PROGRAM = auto()
    # A part of an office file that another program would open.
    OBJECT = auto()
    # A template or a picture that an office file would fetch from another computer.
    ELSEWHERE = auto()
    # A script of a PDF, a program that it would start, or a file within it.
    ACTION = auto()
    # Nobody can tell, as the file is encrypted.
    PROTECTED = auto()
    # The same of a PDF, which may open without a password, and yet be so.
    RESTRICTED = auto()


class UnreadableError(ValueError):
    """A file that cannot be looked through."""
