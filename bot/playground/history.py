"""Plays what happened in five weeks through the fake Slack, as people would do it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.playground import organisation
from bot.playground.deliberating import DECISIONS, Deliberating
from bot.playground.errors import CannotActError
from bot.playground.looking import Looking
from bot.playground.organisation import place, someone
from bot.playground.patience import A_MOMENT, PATIENCE, HistoryError
from bot.playground.script import Moment, ids, moments, story
from bot.playground.store import Doc

RECOGNIZE_THIS, TELL_AS_STORY = "recognize_this", "tell_as_story"


async def play(fake: Looking) -> None:
    """Play the script into an empty workspace whose clock `begins` tells, and come back to now.

    Raises HistoryError with what went wrong.
    """
    real = fake.now() - timedelta(seconds=fake.workspace.clock.offset)
    player = _Player(fake)
    try:
        await player.wait_for_bot()
        for moment in moments(real):
            await player.play(moment)
        await player.end()
    except (AssertionError, LookupError, CannotActError) as error:
        raise HistoryError(f"The history could not be played: {error}") from error


class _Player(Deliberating):
    """Does one moment after the other, each when the bot has done what it owes to the last."""

    def __init__(self, fake: Looking) -> None:
        super().__init__(fake)
        self.thanks = place(organisation.RECOGNITIONS).id
        self.stories = place(organisation.STORIES).id
        self.updates = place(organisation.UPDATES).id
        self.acts: dict[str, Callable[[Moment, Any], Awaitable[None]]] = {
            "sets_up": self._set_up,
            "recognises": self._recognise,
            "fills_in": self._fill_in,
            "whispers": self._whisper,
            "tells": self._tell,
            "corrects": self._correct,
            "withdraws": self._withdraw,
            "rewords": self._reword,
            "names_team": self._name_team,
            "has_report": self._have_report,
            "answer": self._answer,
            "hear_results": self._hear_results,
            "asks": self.ask,
            "checks": self.check,
            "scores": self.score,
            "approves": self.approve,
            "objects": self.object,
            "concludes": self.conclude,
            "supersedes": self.supersede,
        }

    async def wait_for_bot(self) -> None:
        """Wait until the bot is here, goes by our clock and has asked the owners to begin."""
        await self.fake.connected(PATIENCE)
        await self.fake.until(lambda: self.fake.workspace.clock.polling, PATIENCE)
        owners = [each.id for each in organisation.PEOPLE if each.flags.get("is_admin")]
        await self.delivered(owners, 0)

    async def play(self, moment: Moment) -> None:
        """Go to this moment and do what is done."""
        await self.fake.pass_time(max(moment.at - self.fake.now(), timedelta()))
        if "says" in moment.does:
            await self.fake.message(moment.who, moment.where, moment.does["says"])
            return
        [act] = moment.does.keys() & self.acts.keys()
        await self.acts[act](moment, moment.does[act])

    async def end(self) -> None:
        """Come back to real time, and forget what a reloaded Slack forgets."""
        clock = self.fake.workspace.clock
        await self.fake.pass_time(max(timedelta(seconds=-clock.offset), timedelta()))
        self.fake.workspace.move_clock(-clock.offset)  # to the last fraction of a second
        await clock.everyone_knows()
        for person in organisation.PEOPLE:
            for message in self.fake.ephemerals(person.id):
                self.fake.workspace.messages.delete(message["channel"], message["ts"])

    # What people do

    async def _set_up(self, moment: Moment, _: bool) -> None:
        chosen = {
            "recognition_channel": self.thanks,
            "stories_channel": self.stories,
            "decisions_channel": DECISIONS,
            "updates_channel": self.updates,
            "timezone": someone(organisation.OWNER).zone,
        }
        form = await self.open(moment.who, moment.where, "/mission settings")
        await self.send(moment.who, form, chosen)
        chosen_ones = (self.thanks, self.stories, DECISIONS, self.updates)
        await self.until(lambda: all(map(self._bot_is_in, chosen_ones)))
        await self.fake.jump(A_MOMENT)
        form = await self.open(moment.who, moment.where, "/mission setup")
        mission = {"statement": story()["mission"], "values": story()["values"].strip()}
        await self.posted(self.thanks, self.send(moment.who, form, mission))

    def _bot_is_in(self, channel: str) -> bool:
        workspace = self.fake.workspace
        return workspace.bot_user_id in workspace.channels[channel]["members"]

    async def _reword(self, moment: Moment, wording: Doc) -> None:
        form = await self.open(moment.who, moment.where, "/mission setup")
        values = _initial(form, "values", "initial_value").replace(wording["old"], wording["new"])
        changed = {"values": values, "why": wording["why"]}
        await self.posted(self.thanks, self.send(moment.who, form, changed))

    async def _answer(self, _: Moment, pulse: Doc) -> None:
        told = story()["pulse"]
        away = [
            *told["away"].get(pulse["week"], ()),
            *(told["leave_open"] if pulse["is_open"] else ()),
        ]
        who = [each for each in told["feels"] if each not in away]
        await self.answer_all(who, pulse)
        await self.comment_all(told["comments"] if pulse["is_last"] else {}, pulse)

    async def _hear_results(self, _: Moment, pulse: Doc) -> None:
        name = f"Pulse {pulse['week']}"
        await self.until(lambda: name in str(self.fake.messages(self.updates)))

    async def _name_team(self, moment: Moment, team: Doc) -> None:
        form = await self._from_list(moment, "open_teams_add")
        chosen: Doc = {"name": team["name"], "leads": ids(team["leads"])}
        if "channel" in team:
            chosen["channel"] = place(team["channel"]).id
        else:
            chosen["group"] = organisation.group(team["group"]).id
        await self._conclude(moment, form, chosen)
        if "channel" in team:  # the bot comes in to hear who comes and goes
            await self.until(lambda: self._bot_is_in(chosen["channel"]))

    async def _have_report(self, moment: Moment, chosen: Doc) -> None:
        form = await self._from_list(moment, "open_teams_several")
        options = {who: _option(form, who, team) for who, team in _by_id(chosen).items()}
        await self._conclude(moment, form, options)

    async def _from_list(self, moment: Moment, button: str) -> Doc:
        """Ask for the teams, press a button below them and return the form that it opens."""
        await self.done(self.fake.command(moment.who, moment.where, "/mission teams"))
        there = self.fake.ephemerals(moment.who)[-1]["ts"]
        press = self.fake.click(moment.who, channel=moment.where, ts=there, action_id=button)
        await self.done(press)
        return self.form(moment.who, button)

    async def _conclude(self, moment: Moment, form: Doc, values: Doc) -> None:
        """Send a form that says what came of it, and close it."""
        outcome = await self.done(self.fake.submit(moment.who, form["id"], values))
        if outcome.result != "updated":
            raise HistoryError(f"The form of {moment.who} was not taken: {outcome.errors}.")
        await self.fake.close_view(moment.who, form["id"])

    async def _recognise(self, moment: Moment, words: str) -> None:
        command = self.fake.command(moment.who, moment.where, f"/recognize {words}")
        await self._give(moment, _named(words, giver=moment.who), self.done(command))

    async def _fill_in(self, moment: Moment, filled: Doc) -> None:
        form = await self._form(moment, filled, f"/recognize {filled.get('people', '')}")
        values = {"message": filled["message"], "value": filled["value"]}
        people = _initial(form, "recipients", "initial_users")
        await self._give(moment, people, self.send(moment.who, form, values))

    async def _give(self, moment: Moment, people: Sequence[str], giving: Any) -> None:
        await self.announced(self.thanks, people, giving, button="applaud", by=moment.applause)

    async def _whisper(self, moment: Moment, filled: Doc) -> None:
        form = await self.open(moment.who, moment.where, f"/recognize {filled['people']}")
        values = {name: filled[name] for name in ("message", "value")} | {"visibility": "private"}
        people = [*_initial(form, "recipients", "initial_users"), moment.who]
        await self.told(people, self.send(moment.who, form, values))

    async def _tell(self, moment: Moment, tale: Doc) -> None:
        form = await self._form(moment, tale, f"/story {tale.get('kind')}")
        names = tale.keys() - {"kind", "about", "credits"}
        credits = ids(tale.get("credits", "")) or _initial(form, "credits", "initial_users")
        values = {name: tale[name] for name in names} | {"credits": credits}
        told = [each for each in credits if each != moment.who]
        telling = self.send(moment.who, form, values)
        await self.announced(self.stories, told, telling, button="thank", by=moment.applause)

    async def _form(self, moment: Moment, filled: Doc, command: str) -> Doc:
        """The form, opened from the menu of the message that it is about, or by a command."""
        if "about" not in filled:
            return await self.open(moment.who, moment.where, command)
        shortcut = TELL_AS_STORY if "title" in filled else RECOGNIZE_THIS
        message = self.said(moment.where, filled["about"])
        return await self.open_for(moment.who, moment.where, message, shortcut)

    async def _correct(self, moment: Moment, change: Doc) -> None:
        post, added = self.said(self.thanks, change["words"]), ids(change["adds"])
        form = await self.open_beside(moment.who, self.thanks, post, "Edit")
        people = [*_initial(form, "recipients", "initial_users"), *added]
        await self.told(added, self.send(moment.who, form, {"recipients": people}))
        await self.until(lambda: added[-1] in self.shown(self.thanks, post))

    async def _withdraw(self, moment: Moment, words: str) -> None:
        post = self.said(self.thanks, words)
        question = await self.open_beside(moment.who, self.thanks, post, "Withdraw")
        await self.done(self.fake.submit(moment.who, question["id"]))
        await self.fake.close_view(moment.who, question["id"])
        await self.until(lambda: words not in self.shown(self.thanks, post))


def _named(words: str, *, giver: str) -> list[str]:
    """Whom a line names, alone or in a group, but for who wrote it."""
    people = [each.handle for each in organisation.PEOPLE if f"@{each.handle} " in words]
    for group in organisation.GROUPS:
        people += group.members if f"@{group.handle} " in words else ()
    return [each for each in ids(" ".join(people)) if each != giver]


def _by_id(chosen: Doc) -> Doc:
    return {someone(handle).id: team for handle, team in chosen.items()}


def _option(form: Doc, block_id: str, text: str) -> str:
    """The value of an option, by what it says."""
    block = next(each for each in form["blocks"] if each.get("block_id") == block_id)
    options = block["element"]["options"]
    return str(next(each["value"] for each in options if each["text"]["text"] == text))


def _initial(form: Doc, block_id: str, kind: str) -> Any:
    """What stands in an input when the form opens."""
    block = next(each for each in form["blocks"] if each.get("block_id") == block_id)
    return block["element"][kind]
