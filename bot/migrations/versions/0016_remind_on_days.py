"""remind on days."""

import sqlmodel
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('team_settings', schema=None) as batch_op:
        batch_op.alter_column(
            'reminder_day',
            existing_type=sqlmodel.sql.sqltypes.AutoString(length=9),
            type_=sqlmodel.sql.sqltypes.AutoString(length=64),
            existing_nullable=False,
        )
