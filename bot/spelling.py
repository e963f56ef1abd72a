"""How far a word is from another, as fingers slip: one letter wrong, missing, more, or swapped."""

from collections.abc import Iterable

ENDING = 4  # letters that a stem may have lost
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORT = 6  # letters; in a shorter word one slip is all that is forgiven
SHORTEST = 4  # that is mended at all, and that another is taken for


def slips(word: str) -> int:
    """Return how many slips are forgiven in a word of this length."""
    if len(word) < SHORTEST:
        return 0
    return 1 if len(word) < SHORT else 2


def other_beginnings(word: str) -> list[str]:
    """Return what was meant where the slip is in the first letter."""
    swapped = word[1::-1] + word[2:]
    return [
        word[1:],
        swapped,
        *(letter + word for letter in LETTERS),
        *(letter + word[1:] for letter in LETTERS),
    ]


def near(word: str, stem: str, known: Iterable[str]) -> dict[int, list[str]]:
    """Return the known stems by how many slips the word is away, as far as that is forgiven.

    A slip may have kept the word from its stem, so its other forms count as well.
    """
    most = slips(word)
    found: dict[int, list[str]] = {}
    for one in known:
        if len(one) < SHORTEST:
            continue
        forms = [stem, word]
        if len(one) >= SHORT and 0 < len(word) - len(one) <= ENDING:
            forms.append(word[: len(one)])
        far = max(1, min(_slipped(form, one, most) for form in forms))
        if far <= most:
            found.setdefault(far, []).append(one)
    return found


def _slipped(word: str, other: str, most: int) -> int:
    if abs(len(word) - len(other)) > most or len(set(other) - set(word)) > most:
        return most + 1
    return distance(word, other)


def distance(word: str, other: str) -> int:
    """Return how many letters have to be changed, added, left out or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, start=1):
        before, last, row = row, before, [at]
        for to, target in enumerate(other, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != target))
            if at > 1 and to > 1 and letter == other[to - 2] and word[at - 2] == target:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]
