"""Numbers as people read them."""

MINUS = "\u2212"  # a hyphen is shorter, and looks like a dash between two numbers


def rounded(number: float, *, signed: bool = False) -> str:
    """Return the number without decimals, with a real minus sign; `signed` also with a plus."""
    whole = round(number)
    plus = "+" if signed and whole > 0 else ""
    return f"{MINUS if whole < 0 else plus}{abs(whole)}"


_SMALL = (
    *("none", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def spelled(number: int) -> str:
    """Return a number of people or things in a word, from thirteen on in digits."""
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"
