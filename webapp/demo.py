"""Demo"""


def load(x):
    return ""
