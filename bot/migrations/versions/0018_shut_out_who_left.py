"""shut out who left."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

TEAMS = "SELECT DISTINCT charter_version.team_id FROM charter_version"
# Whoever has no part in one of those that took a private decision's place, one after the other.
SHUT_OUT = """
    WITH RECURSIVE later (id, next) AS (
        SELECT id, superseded_by FROM decision
        WHERE decision.team_id = :team AND number IS NULL AND superseded_by IS NOT NULL
        UNION
        SELECT later.id, decision.superseded_by FROM later
        JOIN decision ON decision.id = later.next
        WHERE decision.team_id = :team AND decision.superseded_by IS NOT NULL
    )
    UPDATE decision_role SET sees = false
    WHERE decision_role.team_id = :team AND EXISTS (
        SELECT 1 FROM later
        WHERE later.id = decision_role.decision_id AND NOT EXISTS (
            SELECT 1 FROM decision_role AS other
            WHERE other.team_id = :team
            AND other.decision_id = later.next AND other.person = decision_role.person
        )
    )
"""


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('decision_role', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sees', sa.Boolean(), nullable=False, server_default=sa.true()))
    bound = op.get_bind()
    for team in bound.execute(sa.text(TEAMS)).scalars().all():
        bound.execute(sa.text(SHUT_OUT), {"team": team})

    # The models themselves know what is chosen at first.
    with op.batch_alter_table('decision_role', schema=None) as batch_op:
        batch_op.alter_column('sees', server_default=None)
