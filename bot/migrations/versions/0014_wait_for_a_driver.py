"""wait for a driver."""

import sqlalchemy as sa
from alembic import op

import bot.tenancy

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('driverless_at', bot.tenancy.Utc(timezone=True), nullable=True))
        batch_op.create_index('ix_decision_driverless', ['team_id', 'driverless_at'], unique=False)
