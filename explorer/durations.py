"""Numbers of the status line in words."""


def duration(seconds: float) -> str:
    """A time that is left, as one says it: "40 s", "3 min 20 s", "2 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def count(number: float) -> str:
    """A large number in three digits: "840", "12.3 k", "2.10 M"."""
    rounded = float(f"{number:.3g}")
    for limit, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if rounded >= limit:
            scaled = rounded / limit
            decimals = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{scaled:.{decimals}f}{unit}"
    return f"{number:.0f}"
