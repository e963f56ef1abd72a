"""When somebody comes into a channel or a user group, or goes: the teams made of it follow."""

from datetime import UTC, datetime

from sqlmodel import Session

from bot import membership
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear who comes and goes, and what becomes of channels and groups."""
    routes.on_event("member_joined_channel", came)
    routes.on_event("member_left_channel", went)
    routes.on_event("subteam_members_changed", group_members_changed)
    routes.on_event("subteam_updated", group_changed)
    for kind in ("channel", "group"):
        for what in ("archive", "unarchive", "left"):
            routes.on_event(f"{kind}_{what}", channel_changed)


async def came(request: Request) -> None:
    """Keep that somebody came into a channel."""
    source, at = request.event["channel"], moment(request)
    await request.write(lambda s: membership.hear(s, source, at=at, came=[request.user]))


async def went(request: Request) -> None:
    """Keep that somebody went out of a channel."""
    source, at = request.event["channel"], moment(request)
    await request.write(lambda s: membership.hear(s, source, at=at, went=[request.user]))


async def group_members_changed(request: Request) -> None:
    """Keep who came into a user group and who went."""
    event, at = request.event, moment(request)
    added, removed = event.get("added_users") or [], event.get("removed_users") or []

    def keep(session: Session) -> None:
        membership.hear(session, event["subteam_id"], at=at, came=added, went=removed)

    await request.write(keep)


async def group_changed(request: Request) -> None:
    """Keep how a user group is called and who is in it; one that was switched off is read anew."""
    group, at = request.event["subteam"], moment(request)

    def keep(session: Session) -> None:
        if group.get("date_delete"):
            membership.ask_about(session, group["id"])
        else:
            label, people = f"@{group['handle']}", group.get("users")
            membership.whole(session, group["id"], label, people, at=at)

    await request.write(keep)


async def channel_changed(request: Request) -> None:
    """Have a team's channel read anew: it was archived or brought back, or I am out of it."""
    source = request.event["channel"]
    await request.write(lambda session: membership.ask_about(session, source))


def moment(request: Request) -> datetime:
    """Return when this happened, by Slack's clock."""
    return datetime.fromtimestamp(float(request.event["event_ts"]), tz=UTC)
