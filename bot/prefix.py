"""Texts compared by their characters, as SQLite does, whatever language a PostgreSQL sorts by."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import String

NAME = "postgresql"


class Plainly(FunctionElement[str]):
    """A text of which each character counts: in most languages `:` and `~` would count for nothing.

    So what begins with something is found between that and the same with `~` behind it.
    """

    inherit_cache = True
    type = String()


@compiles(Plainly)
def _as_it_is(text: Plainly, compiler: Any, **given: Any) -> str:
    return str(compiler.process(text.clauses, **given))


@compiles(Plainly, NAME)
def _by_characters(text: Plainly, compiler: Any, **given: Any) -> str:
    return f'({compiler.process(text.clauses, **given)}) COLLATE "C"'
