"""say when."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import bot.tenancy

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('digest',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('day', sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
    sa.Column('begins', bot.tenancy.Utc(timezone=True), nullable=False),
    sa.Column('ends', bot.tenancy.Utc(timezone=True), nullable=False),
    sa.Column('coming', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('team_id', 'day')
    )
    with op.batch_alter_table('digest', schema=None) as batch_op:
        batch_op.create_index('ix_digest_ends', ['team_id', 'ends'], unique=False)

    op.create_table('acknowledgement',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('version_id', sa.BigInteger(), nullable=False),
    sa.Column('person', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('created_at', bot.tenancy.Utc(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['charter_version.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('team_id', 'version_id', 'person')
    )
    op.create_table('reminder',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('day', sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
    sa.Column('item', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('version_id', sa.BigInteger(), nullable=False),
    sa.Column('recognition_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['recognition_id'], ['recognition.id'], ),
    sa.ForeignKeyConstraint(['version_id'], ['charter_version.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('team_id', 'day'),
    sa.UniqueConstraint('team_id', 'turn')
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index('ix_reminder_recognition', ['team_id', 'recognition_id'], unique=False)

    with op.batch_alter_table('team_settings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address', sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True))
