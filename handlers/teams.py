"""When owners name teams, when somebody asks for theirs, and when people come and go in Slack."""

from datetime import UTC, datetime

from sqlmodel import Session

from bot import membership, roster, sources
from bot import teams as reporting
from bot.blocks import kit, record
from bot.blocks import teamforms as forms
from bot.blocks import teams as blocks
from bot.errors import UserError
from bot.outbox import Message
from bot.rituals import teams
from bot.sources import Trouble
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the word after /mission, the forms, and who comes and goes."""
    routes.words["teams"] = show
    routes.actions[blocks.EARLIER] = turn
    routes.actions[blocks.LATER] = turn
    routes.actions[blocks.OPEN_ADD] = open_add
    routes.actions[blocks.OPEN_CHANGE] = open_change
    routes.actions[blocks.OPEN_REMOVE] = open_removal
    routes.actions[blocks.OPEN_SEVERAL] = open_several
    routes.views[forms.ADD] = add
    routes.views[forms.CHANGE] = change
    routes.views[forms.REMOVE] = remove
    routes.views[forms.SEVERAL] = choose
    routes.on_event("member_joined_channel", came)
    routes.on_event("member_left_channel", went)
    routes.on_event("subteam_members_changed", group_members_changed)
    routes.on_event("subteam_updated", group_changed)
    for kind in ("channel", "group"):
        for what in ("archive", "unarchive", "left"):
            routes.on_event(f"{kind}_{what}", channel_changed)


async def show(request: Request) -> None:
    """Show an owner all teams, and anybody else the one in which they report."""
    await request.say(await request.read(lambda session: list_for(session, request.user)))


def list_for(session: Session, person: str, *, page: int = 0) -> Message:
    """Return the list for an owner, and for anybody else their own team."""
    if roster.is_owner(session, person):
        return whole_list(session, page=page)
    team = reporting.reports_in(session, person=person)
    return blocks.own(team, reporting.leads(session).get(team.id, []) if team else [])


def whole_list(session: Session, *, page: int) -> Message:
    """Return all teams, a page of them at a time."""
    return blocks.overview(teams.overview(session), several=len(teams.several(session)), page=page)


async def turn(request: Request) -> None:
    """Show another page of the list."""
    page = record.number(request.value)

    def query(session: Session) -> Message:
        roster.must_be_owner(session, request.user)
        return whole_list(session, page=page)

    await request.replace(await request.read(query))


async def open_add(request: Request) -> None:
    """Open the form for a new team, to an owner."""
    await request.read(lambda session: roster.must_be_owner(session, request.user))
    listed = await sources.groups_soon(request.deps.slack)
    await request.open(forms.add_form(listed))


async def add(request: Request) -> None:
    """Make a channel's or a group's people a team."""
    filled = forms.read_add_form(request.view)
    chosen = [one for one in (filled.channel, filled.group) if one]
    if len(chosen) != 1:
        where = "group" if chosen else "channel"
        raise UserError("Choose a channel or a user group, one of the two.", field=where)
    source = await sources.glance(request.deps.slack, chosen[0])

    def save(session: Session) -> kit.View:
        team = teams.add(
            session,
            by=request.user,
            source=source,
            name=filled.name,
            leads=filled.leads,
            now=request.now,
        )
        return blocks.saved(teams.shown(session, team.id))

    await _say_in_its_place(request, await request.once(save))


async def _say_in_its_place(request: Request, view: kit.View | None) -> None:
    if view is not None:  # none where Slack delivered the form before
        await request.ack(response_action="update", view=view)


async def open_change(request: Request) -> None:
    """Open the form for a team's name, leads and place, to an owner."""
    team = forms.team_of(request.value)

    def query(session: Session) -> kit.View:
        roster.must_be_owner(session, request.user)
        shown = teams.shown(session, team)
        return forms.change_form(shown, of=len(reporting.in_order(session)))

    await request.open(await request.read(query))


async def change(request: Request) -> None:
    """Save what was changed of a team."""
    filled = forms.read_change_form(request.view)

    def save(session: Session) -> kit.View:
        team = teams.change(
            session,
            by=request.user,
            team=filled.team,
            based_on=filled.based_on,
            name=filled.name,
            leads=filled.leads,
            position=filled.position,
            now=request.now,
        )
        return blocks.saved(teams.shown(session, team.id))

    await _say_in_its_place(request, await request.once(save))


async def open_removal(request: Request) -> None:
    """Ask an owner whether to remove a team."""
    team = forms.team_of(request.value)

    def query(session: Session) -> kit.View:
        roster.must_be_owner(session, request.user)
        return forms.removal(teams.shown(session, team))

    await request.open(await request.read(query))


async def remove(request: Request) -> None:
    """Remove a team."""
    team = forms.to_remove(request.view)

    def save(session: Session) -> kit.View:
        removed = teams.remove(session, by=request.user, team=team, now=request.now)
        return blocks.done(f"{removed.name} is removed.")

    await _say_in_its_place(request, await request.once(save))


async def open_several(request: Request) -> None:
    """Open the choices for who is in several teams, to an owner."""

    def query(session: Session) -> kit.View:
        roster.must_be_owner(session, request.user)
        people = teams.several(session)
        if not people:
            raise UserError("Nobody is in several teams any more.")
        return forms.several_form(people)

    await request.open(await request.read(query))


async def choose(request: Request) -> None:
    """Save where people report, and go on to the next of them where there are more."""
    chosen, after = forms.read_several_form(request.view), forms.goes_on_after(request.view)

    def save(session: Session) -> kit.View:
        teams.choose(session, by=request.user, chosen=chosen, now=request.now)
        rest = teams.several(session) if after else []
        if any(one.person == after for one in rest[:-1]):
            return forms.several_form(rest, after=after)
        return blocks.done("The choices are saved.")

    await _say_in_its_place(request, await request.once(save))


# Who comes and goes


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
    source = event["subteam_id"]
    await request.write(
        lambda session: membership.hear(session, source, at=at, came=added, went=removed)
    )


async def group_changed(request: Request) -> None:
    """Keep how a user group is called, who is in it, and whether it is in use."""
    group, at = request.event["subteam"], moment(request)
    trouble = Trouble.SWITCHED_OFF if group.get("date_delete") else None

    def keep(session: Session) -> None:
        team = reporting.of_source(session, group["id"])
        if team is None:
            return
        team.label, team.trouble = f"@{group['handle']}", trouble
        session.add(team)
        if "users" not in group:
            membership.ask_anew(session, team)
        elif trouble is None:
            membership.told(session, team, group["users"] or [], at=at)

    await request.write(keep)


async def channel_changed(request: Request) -> None:
    """Have a team's channel read anew: it was archived or brought back, or I am out of it."""
    source = request.event["channel"]

    def keep(session: Session) -> None:
        team = reporting.of_source(session, source)
        membership.ask_anew(session, *([team] if team else []))

    await request.write(keep)


def moment(request: Request) -> datetime:
    """Return when this happened, by Slack's clock."""
    return datetime.fromtimestamp(float(request.event["event_ts"]), tz=UTC)
