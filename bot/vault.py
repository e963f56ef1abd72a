"""What is written so that nobody reads it without a key: tokens, and whatever else is as good."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.errors import DatabaseTrouble


class KeyLost(DatabaseTrouble):
    """Something was encrypted with a key that is not there."""

    def __init__(self) -> None:
        super().__init__(
            "TOKEN_KEY does not open the tokens in this database: they were written with another "
            "key. Add that one behind a comma. Where it is lost, `app.py rotate-key --forget-lost` "
            "forgets them, and Truenorth can be installed in those workspaces again."
        )


def cipher_of(keys: Sequence[str]) -> MultiFernet:
    """Return what encrypts with the first key and decrypts with any of them."""
    return MultiFernet([Fernet(key) for key in keys])


class Encrypted(TypeDecorator[str]):
    """A text that is written encrypted; reading it raises KeyLost where its key is not there."""

    impl = Text
    cache_ok = False  # a statement that is kept would keep the key

    def __init__(self, cipher: MultiFernet) -> None:
        super().__init__()
        self._cipher = cipher

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt it."""
        return None if value is None else self._cipher.encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt it."""
        if value is None:
            return None
        try:
            return self._cipher.decrypt(value).decode()
        except InvalidToken:
            raise KeyLost from None


def anew(cipher: MultiFernet, value: str | None) -> str | None:
    """Return what is encrypted so, encrypted with the first key; raise KeyLost where it cannot."""
    if value is None:
        return None
    try:
        return cipher.rotate(value).decode()
    except InvalidToken:
        raise KeyLost from None
