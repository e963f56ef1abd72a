"""find."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import bot.tenancy

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

# What there is already is put in beside everything else. The chore's id is nothing but unique.
FILL = """INSERT INTO search_chore (id, team_id, what)
    SELECT min(id), team_id, 'fill' FROM charter_version GROUP BY team_id"""
MADE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5"
        "(title, words, content='', tokenize='porter unicode61 remove_diacritics 2')",
        "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_index, 'row')",
    ),
    "postgresql": (
        "CREATE TABLE search_index (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_search_index ON search_index USING gin (words)",
        'CREATE TABLE search_vocabulary (term TEXT COLLATE "C" PRIMARY KEY)',
        'CREATE TABLE search_dropped (term TEXT COLLATE "C" PRIMARY KEY)',
    ),
}


def upgrade() -> None:
    """Apply."""
    op.create_table('search_entry',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('author', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('value', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('at', bot.tenancy.Utc(timezone=True), nullable=False),
    sa.Column('is_private', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('team_id', 'id')
    )
    op.create_table('search_chore',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('what', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('search_chore', schema=None) as batch_op:
        batch_op.create_index('ix_search_chore', ['team_id', 'what'], unique=False)

    for statement in MADE[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(FILL)
