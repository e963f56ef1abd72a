"""What becomes of each thing that is kept when somebody is erased: decided here, and only here.

Whoever adds a column says here what it holds of people; a test fails where nobody has.
"""

from collections.abc import Mapping
from enum import StrEnum


class Fate(StrEnum):
    """What happens to a column where it names the person, or holds their words."""

    CODE = "the row goes that has the code of their answers"
    GOES = "the row goes that names them"
    GOES_TOO = "the row goes that names them among other things"
    THEIRS = "it is emptied where they wrote it, and names them nowhere else"
    WORDS = "others wrote it, or all together: it stays, and names them no more"
    SHOWN = "it stays, names them no more, and Slack is told to show it so"
    INSIDE = "it stays, and has the pseudonym wherever it named them"
    TAKEN_OUT = "they are on the list no more"
    NOBODYS = "it is nobody's any more"
    RENAMED = "it stays, under the pseudonym"
    WITH_THE_ROW = "it goes with its row"
    NOTHING = "it names nobody and holds nobody's words"


# What a recognition and a story have in common. They are withdrawn before: their words go.
_RECORD = {
    "author": Fate.RENAMED,
    "channel": Fate.NOTHING,
    "withdrawn_by": Fate.RENAMED,  # an owner may have withdrawn somebody else's
}

_OF_BOT = (
    *("client_id", "app_id", "enterprise_id", "enterprise_name", "team_name"),
    *("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token"),
)
_OF_INSTALLATION = (
    *_OF_BOT,
    *("enterprise_url", "user_token", "user_scopes", "user_refresh_token", "token_type"),
    *("incoming_webhook_url", "incoming_webhook_channel", "incoming_webhook_channel_id"),
    "incoming_webhook_configuration_url",
)

FATES: Mapping[str, Mapping[str, Fate]] = {
    # What somebody used of a day's allowance, has open, has read or has on its way is theirs alone.
    "allowance": {"giver": Fate.GOES},
    "acknowledgement": {"person": Fate.GOES},
    "home": {"person": Fate.GOES, "shown": Fate.NOTHING},
    "lane": {"name": Fate.GOES, "holder": Fate.NOTHING},
    "attachment": {"cause": Fate.GOES_TOO},
    "inbound": {"key": Fate.GOES_TOO},
    "due": {"kind": Fate.NOTHING, "subject": Fate.GOES},
    "person": {
        "slack_id": Fate.GOES,
        "name": Fate.WITH_THE_ROW,
        "timezone": Fate.WITH_THE_ROW,
    },
    # Who is in a team, leads it or reports in it is said of who is here.
    "reporting_member": {"person": Fate.GOES},
    "reporting_lead": {"person": Fate.GOES},
    "reporting_choice": {"person": Fate.GOES},
    "reporting_team": {
        "name": Fate.WORDS,
        "source": Fate.NOTHING,
        "label": Fate.WORDS,
        "trouble": Fate.NOTHING,
    },
    "team_settings": {
        "owners": Fate.TAKEN_OUT,
        "recognition_channel": Fate.NOTHING,
        "stories_channel": Fate.NOTHING,
        "decisions_channel": Fate.NOTHING,
        "updates_channel": Fate.NOTHING,
        "timezone": Fate.NOTHING,
        "country": Fate.NOTHING,
        "reminder_day": Fate.NOTHING,
        "reminder_time": Fate.NOTHING,
        "pulse_day": Fate.NOTHING,
        "pulse_time": Fate.NOTHING,
        "checklist": Fate.WORDS,
        "address": Fate.NOTHING,
    },
    # The mission is the organisation's, whoever of its owners worded it.
    "charter_version": {"statement": Fate.WORDS, "why": Fate.WORDS, "author": Fate.RENAMED},
    "charter_value": {
        "slug": Fate.NOTHING,
        "emoji": Fate.NOTHING,
        "name": Fate.WORDS,
        "meaning": Fate.WORDS,
    },
    # Thanks and credits that others gave stay theirs; so does the count of who applauded them.
    "recognition": _RECORD | {"message": Fate.THEIRS, "link": Fate.NOTHING},
    "recipient": {"person": Fate.RENAMED},
    "story": _RECORD
    | {
        "kind": Fate.NOTHING,
        **dict.fromkeys(
            ("title", "happened", "impact", "expected", "learned", "change"), Fate.THEIRS
        ),
    },
    "story_credit": {"person": Fate.RENAMED},
    "applause": {"person": Fate.RENAMED},
    # What is decided binds the organisation, and others scored, approved and act on these words. So
    # a decision stays, without the name; what somebody said of it in words of their own goes.
    "decision": {
        "code": Fate.NOTHING,
        "author": Fate.RENAMED,
        "driver": Fate.RENAMED,
        "title": Fate.WORDS,
        "context": Fate.WORDS,
        "options": Fate.WORDS,
        "checklist": Fate.WORDS,
        "quorum": Fate.NOTHING,
        "prediction": Fate.WORDS,
        "channel": Fate.NOTHING,
        "link": Fate.NOTHING,
        "status": Fate.NOTHING,
        "reason": Fate.WORDS,
        "despite": Fate.NOTHING,
        "decided_by": Fate.RENAMED,
        "ended_by": Fate.RENAMED,
    },
    "decision_role": {"person": Fate.RENAMED, "role": Fate.NOTHING},
    "decision_answer": {"answer": Fate.NOTHING, "note": Fate.THEIRS, "person": Fate.RENAMED},
    "decision_verdict": {"person": Fate.RENAMED, "verdict": Fate.NOTHING, "reason": Fate.THEIRS},
    "scoring": {"card": Fate.NOTHING, "person": Fate.RENAMED, "points": Fate.NOTHING},
    # Of an open round all that is theirs goes. Of a closed one nobody knows any more what was.
    "answer": {"respondent": Fate.CODE, "question": Fate.NOTHING},
    "comment": {"respondent": Fate.CODE, "words": Fate.WORDS},
    "participation": {"person": Fate.GOES},
    "invitation": {"person": Fate.RENAMED},
    "kept_comment": {"words": Fate.WORDS},
    "round_key": {"key": Fate.NOTHING},
    "round": {
        "kind": Fate.NOTHING,
        "questions": Fate.WORDS,
        "quarter": Fate.NOTHING,
        "opened_by": Fate.RENAMED,
        "status": Fate.NOTHING,
        "result": Fate.WORDS,  # with the names of teams
    },
    "own_question": {"words": Fate.WORDS},
    # What was sent to them goes; what others can see of them in Slack is worded anew there.
    "outbox": {
        "cause": Fate.INSIDE,
        "lane": Fate.GOES,
        "route": Fate.NOTHING,
        "owner": Fate.NOBODYS,
        "thread_ts": Fate.NOTHING,
        "message": Fate.SHOWN,
        "status": Fate.NOTHING,
        "channel": Fate.NOTHING,
        "ts": Fate.NOTHING,
        "trouble": Fate.NOTHING,
    },
    "ledger": {"actor": Fate.RENAMED, "kind": Fate.NOTHING, "details": Fate.INSIDE},
    "search_entry": {"kind": Fate.NOTHING, "author": Fate.RENAMED, "value": Fate.NOTHING},
    "search_chore": {"what": Fate.NOTHING},
    "reminder": {"day": Fate.NOTHING, "item": Fate.NOTHING},
    "digest": {"day": Fate.NOTHING, "coming": Fate.NOTHING},
    "counter": {"name": Fate.NOTHING},
    # Whoever installed the app is named there; the bot and its tokens are the workspace's.
    "installation": {"user_id": Fate.RENAMED} | dict.fromkeys(_OF_INSTALLATION, Fate.NOTHING),
    "installation_bot": dict.fromkeys(_OF_BOT, Fate.NOTHING),
    "installation_state": {"state": Fate.NOTHING},
    "departure": {},
}
