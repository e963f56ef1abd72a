"""${message}."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import bot.tenancy

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else "pass"}
