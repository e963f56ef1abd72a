"""Every kind of person that there is, and what each of them is here."""

from bot.rights import Part
from tests.support import ANA, DAN, EVE, GIL, KIM, PIA, ROBY

FAR = "U0FAR"  # of another workspace, and nobody that Slack ever told of
KINDS: dict[str, set[Part]] = {
    ANA: {Part.MEMBER, Part.OWNER},
    KIM: {Part.MEMBER},
    GIL: {Part.GUEST},
    EVE: set(),  # of another organisation
    ROBY: set(),  # a bot
    DAN: set(),  # who left
    PIA: set(),  # invited, and not here yet
    FAR: set(),
}
OURS = [who for who, parts in KINDS.items() if parts]
