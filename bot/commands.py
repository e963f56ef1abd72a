"""How the commands are called here: whoever runs Truenorth may put a prefix before all of them."""

_prefix = ""


def use_prefix(prefix: str) -> None:
    """Call every command with this prefix from now on, in everything that is said."""
    global _prefix
    _prefix = prefix


def command(words: str) -> str:
    """Return what a person types: `mission setup` becomes `/mission setup`, prefix included."""
    return f"/{_prefix}{words}"


def name_of(typed: str) -> str:
    """Return the command's own name: `/tn-mission` becomes `mission`."""
    return typed.removeprefix("/").removeprefix(_prefix)
