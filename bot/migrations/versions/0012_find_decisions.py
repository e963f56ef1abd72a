"""find decisions."""

from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

# Decisions that there are already are put in beside everything else. Where all of it is still
# asked for, that is the same.
FILL = """INSERT INTO search_chore (id, team_id, what)
    SELECT min(id), team_id, 'fill' FROM charter_version WHERE true GROUP BY team_id
    ON CONFLICT DO NOTHING"""


def upgrade() -> None:
    """Apply."""
    op.execute(FILL)
