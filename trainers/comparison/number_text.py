"""A figure as a person reads it: as many digits as its spread leaves standing."""

import math

from trainers.metrics.figure import Figure

_MOST_DECIMALS = 6


def figure_text(figure: Figure, *, plus_minus: str = " ± ") -> str:
    """The value and half the width of its interval, such as "0.0361 ± 0.0002"."""
    half = (figure.high - figure.low) / 2
    decimals = decimals_for(figure.value, half)
    return f"{number_text(figure.value, decimals)}{plus_minus}{number_text(half, decimals)}"


def interval_text(figure: Figure) -> str:
    """The interval, such as "0.0359 to 0.0363"."""
    decimals = decimals_for(figure.value, (figure.high - figure.low) / 2)
    return f"{number_text(figure.low, decimals)} to {number_text(figure.high, decimals)}"


def value_text(figure: Figure) -> str:
    """The value alone, with the digits that it has beside its spread."""
    return number_text(figure.value, decimals_for(figure.value, (figure.high - figure.low) / 2))


def number_text(number: float, decimals: int) -> str:
    """A number with a true minus sign, and no minus before a zero."""
    text = f"{number:.{decimals}f}"
    if text.startswith("-"):
        text = text[1:] if float(text) == 0 else f"−{text[1:]}"
    return text


def decimals_for(value: float, half: float) -> int:
    """Decimals to write: two digits of the spread when it begins with 1, else one; three digits without a spread."""
    if half > 0 and math.isfinite(half):
        exponent = math.floor(math.log10(half))
        # 0.096 rounds up to 0.10: the digit that it begins with is taken after rounding.
        leading = round(half / 10.0**exponent, 1)
        wanted = -exponent + (1 if leading < 2 else 0)
    elif value != 0 and math.isfinite(value):
        wanted = 2 - math.floor(math.log10(abs(value)))
    else:
        wanted = 0
    return min(_MOST_DECIMALS, max(0, wanted))
