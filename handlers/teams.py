"""When owners name teams, and when somebody asks for theirs."""

from sqlmodel import Session

from bot import roster, sources
from bot import teams as reporting
from bot.blocks import kit, record
from bot.blocks import teamforms as forms
from bot.blocks import teams as blocks
from bot.blocks.mission import OPEN_TEAMS
from bot.errors import UserError
from bot.outbox import Message
from bot.rituals import teams
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the word after /mission, the buttons of the list and the forms."""
    routes.words["teams"] = show
    routes.actions[OPEN_TEAMS] = show_beside
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


async def show(request: Request) -> None:
    """Show an owner all teams, and anybody else the one in which they report."""
    await request.say(await request.read(lambda session: list_for(session, request.user)))


async def show_beside(request: Request) -> None:
    """Show the same to who pressed a button, beside it or, on Home, above it."""
    shown = await request.read(lambda session: list_for(session, request.user))
    if "view" in request.body:
        await request.open(blocks.over_page(shown))
    else:
        await request.whisper(shown)


def list_for(session: Session, person: str, *, page: int = 0) -> Message:
    """Return the list for an owner, and for anybody else their own team."""
    if roster.is_owner(session, person):
        return whole_list(session, page=page)
    team = reporting.reports_in(session, person=person)
    return blocks.own(team, reporting.leads(session).get(team.id, []) if team else [])


def whole_list(session: Session, *, page: int) -> Message:
    """Return all teams, a page of them at a time."""
    return blocks.overview(
        teams.overview(session), several=len(reporting.several(session)), page=page
    )


async def turn(request: Request) -> None:
    """Show another page of the list."""
    page = record.number(request.value)

    def query(session: Session) -> Message:
        roster.must_be_owner(session, request.user)
        return whole_list(session, page=page)

    shown = await request.read(query)
    if "view" in request.body:
        await request.change_form(blocks.over_page(shown))
    else:
        await request.replace(shown)


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
    await request.read(lambda session: roster.must_be_owner(session, request.user))
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
    if view is None:  # Slack delivered the form before
        return
    if request.view.get("previous_view_id"):  # the list, which is another now
        shown = await request.read(lambda session: list_for(session, request.user))
        await request.change_below(blocks.over_page(shown))
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
        people = reporting.several(session)
        if not people:
            raise UserError("Nobody is in several teams any more.")
        return forms.several_form(people)

    await request.open(await request.read(query))


async def choose(request: Request) -> None:
    """Save where people report, and go on to the next of them where there are more."""
    chosen, after = forms.read_several_form(request.view), forms.goes_on_after(request.view)

    def save(session: Session) -> kit.View:
        teams.choose(session, by=request.user, chosen=chosen, now=request.now)
        rest = reporting.several(session) if after else []
        if any(one.person == after for one in rest[:-1]):
            return forms.several_form(rest, after=after)
        return blocks.done("The choices are saved.")

    await _say_in_its_place(request, await request.once(save))
