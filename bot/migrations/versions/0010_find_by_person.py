"""find by person."""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('applause', schema=None) as batch_op:
        batch_op.create_index('ix_applause_person', ['team_id', 'person', 'created_at'], unique=False)

    with op.batch_alter_table('decision_answer', schema=None) as batch_op:
        batch_op.create_index('ix_decision_answer_person', ['team_id', 'person', 'decision_id'], unique=False)

    with op.batch_alter_table('scoring', schema=None) as batch_op:
        batch_op.create_index('ix_scoring_person', ['team_id', 'person', 'card'], unique=False)
