"""How Home looks: the mission, and for owners what is missing."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import kit, mission
from bot.charter import Charter

MISSING = {
    "statement": ("There is no mission yet.", "Set up the mission", mission.OPEN_SETUP),
    "recognition_channel": (
        "No channel for recognitions is chosen yet, so none is posted.",
        "Choose it in the settings",
        mission.OPEN_SETTINGS,
    ),
}


def view(
    charter: Charter | None, *, zone: ZoneInfo, owner: bool, missing: Sequence[str], who: str
) -> kit.View:
    """Everything that a person sees on opening Truenorth."""
    blocks: list[kit.Block] = []
    if owner and missing:
        blocks += _still_to_do(missing)
    if charter is not None:
        blocks += mission.card(charter, zone=zone, owner=owner)["blocks"]
    elif not owner:
        blocks += mission.not_set_up(owner=False, who=who)["blocks"]
    return {"type": "home", "blocks": blocks}


def _still_to_do(missing: Sequence[str]) -> list[kit.Block]:
    blocks = [kit.header("Still to set up")]
    for name in missing:
        sentence, label, action = MISSING[name]
        blocks.append(
            {
                "type": "section",
                "text": kit.plain(sentence),
                "accessory": kit.button(label, action, style="primary"),
            }
        )
    return [*blocks, kit.divider()]
