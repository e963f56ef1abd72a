"""say of how few."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('team_settings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('fewest_answers', sa.Integer(), nullable=False, server_default='5'))

    # The models themselves know what is chosen at first.
    with op.batch_alter_table('team_settings', schema=None) as batch_op:
        batch_op.alter_column('fewest_answers', server_default=None)
