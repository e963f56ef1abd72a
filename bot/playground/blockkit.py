"""Refuses blocks and views that Slack would refuse."""


def message_problems(blocks: object) -> list[str]:
    """What is wrong with a message's blocks, as Slack words it."""
    return [] if isinstance(blocks, list) else ["[ERROR] must be a list [json-pointer:/blocks]"]


def view_problems(view: object) -> list[str]:
    """What is wrong with a view."""
    return [] if isinstance(view, dict) else ["[ERROR] must be an object [json-pointer:/view]"]
