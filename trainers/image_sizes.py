"""How large the images of a set may be; apart from `images`, so that `--help` need not wait for numpy."""

MINIMUM_SIZE = 8
MAXIMUM_SIZE = 128
