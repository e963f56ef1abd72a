"""come round."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import bot.tenancy

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

TIMES = {
    "reminder_day": "monday",
    "reminder_time": "09:00",
    "pulse_day": "tuesday",
    "pulse_time": "10:00",
}


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('due', schema=None) as batch_op:
        batch_op.add_column(sa.Column('last_at', bot.tenancy.Utc(timezone=True), nullable=True))

    with op.batch_alter_table('team_settings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('updates_channel', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True))
        batch_op.add_column(sa.Column('country', sqlmodel.sql.sqltypes.AutoString(length=2), nullable=True))
        for name, chosen in TIMES.items():
            length = 9 if name.endswith("day") else 5
            kind = sqlmodel.sql.sqltypes.AutoString(length=length)
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=chosen))

    # The models themselves know what is chosen at first.
    with op.batch_alter_table('team_settings', schema=None) as batch_op:
        for name in TIMES:
            batch_op.alter_column(name, server_default=None)
