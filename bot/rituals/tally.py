"""How often each value was recognised in public; apart from the stories, which nothing counts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from bot.charter import CharterValue
from bot.ledger import LedgerLine
from bot.rituals.recognition import Recognition

_BY_VALUE = (
    select_columns(col(CharterValue.slug), func.count())
    .select_from(LedgerLine)
    .join(Recognition, col(Recognition.id) == LedgerLine.subject)
    .join(CharterValue, col(CharterValue.id) == Recognition.value_id)
    .where(
        col(LedgerLine.kind) == "recognition.given",
        col(LedgerLine.at) >= bindparam("begins"),
        col(LedgerLine.at) < bindparam("ends"),
        col(Recognition.is_private).is_(False),
        col(Recognition.withdrawn_at).is_(None),
    )
    .group_by(col(CharterValue.slug))
)


def by_value(session: Session, *, begins: datetime, ends: datetime) -> Mapping[str, int]:
    """Return how many public recognitions given in this time stand, by the values' slugs.

    Values for which there is none are left out.
    """
    found = session.execute(_BY_VALUE, {"begins": begins, "ends": ends})
    return {slug: count for slug, count in found}
