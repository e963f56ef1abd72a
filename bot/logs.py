"""The log: what is written there, and what never is."""

import logging

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start(level: str) -> None:
    """Log from this level on, and from others than us nothing below INFO.

    Slack's libraries write whole payloads at DEBUG, with what people wrote and answered. Bolt gives
    its loggers the root's level, so it is the root that is held back.
    """
    chosen = logging.getLevelNamesMapping()[level]
    logging.basicConfig(format=FORMAT)
    logging.root.setLevel(max(chosen, logging.INFO))
    for ours in ("truenorth", "bot", "handlers", "schedules"):
        logging.getLogger(ours).setLevel(chosen)
    logging.getLogger("alembic").setLevel(max(logging.WARNING, chosen))
