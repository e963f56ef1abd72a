"""find at once."""

from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index('ix_decision_review', ['team_id', 'driver', 'review_at'], unique=False)
        batch_op.create_index('ix_decision_superseded', ['team_id', 'superseded_by'], unique=False)
