"""Numbers as people read them."""

MINUS = "\u2212"  # a hyphen is shorter, and looks like a dash between two numbers


def rounded(number: float, *, signed: bool = False) -> str:
    """Return the number without decimals, with a real minus sign; `signed` also with a plus."""
    whole = round(number)
    plus = "+" if signed and whole > 0 else ""
    return f"{MINUS if whole < 0 else plus}{abs(whole)}"
