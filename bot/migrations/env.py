"""What Alembic runs: every migration inside the transaction of the connection handed over."""

from alembic import context
from sqlmodel import SQLModel

from bot.fulltext import HIDDEN


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Say whether the models speak of it: what the index is made of is SQLite's."""
    return kind != "table" or not str(name).startswith(HIDDEN)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_server_default=True,
    include_name=is_ours,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
