"""The shapes of what Slack sends, with what of it is used here, and what Bolt looks into.

https://docs.slack.dev/interactivity/handling-user-interaction
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# What nobody can type, and no database keeps.
Text = Annotated[str, StringConstraints(pattern=r"\A[^\x00]*\z")]
Stamp = Annotated[str, StringConstraints(pattern=r"\A[0-9]{1,10}(\.[0-9]{1,6})?\z")]


class Shape(BaseModel):
    """What is checked exactly: a number is no text."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Named(Shape):
    """Something that Slack names by its id."""

    id: Text | None = None
    domain: Text | None = None


class _Person(Shape):
    id: Text
    team_id: Text | None = None


class _Authorization(Shape):
    enterprise_id: Text | None = None
    team_id: Text | None = None
    user_id: Text | None = None
    is_enterprise_install: bool | None = None


class Anything(Shape):
    """Whatever comes; of each other kind it holds nothing."""

    type: Text | None = None
    team: Named | None = None
    team_id: Text | None = None
    enterprise: Named | None = None
    enterprise_id: Text | None = None
    is_enterprise_install: bool | Literal["true", "false"] | None = None
    response_url: Text | None = None
    authorizations: list[_Authorization] | None = None
    # Each is of one kind. What else Bolt would look into is in none.
    command: None = None
    event: None = None
    actions: None = None
    view: None = None
    user: None = None
    user_id: Text | None = None
    channel: None = None
    channel_id: Text | None = None
    message: None = None
    previous_message: None = None
    item: None = None
    assistant_thread: None = None
    function_data: None = None
    function_execution_id: None = None


class Command(Anything):
    """A command that somebody typed."""

    type: None = None
    command: Text  # type: ignore[assignment]
    text: Text | None = None
    user_id: Text
    trigger_id: Text


class _Option(Shape):
    value: Text


class _Held(Shape):
    """What an input holds."""

    value: Text | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_date: Text | None = None
    selected_user: Text | None = None
    selected_users: list[Text] | None = None
    selected_conversation: Text | None = None
    selected_channel: Text | None = None


class _Element(Shape):
    action_id: Text
    initial_value: Text | None = None
    initial_option: _Option | None = None


class _Block(Shape):
    type: Text
    block_id: Text
    element: _Element | None = None


class _State(Shape):
    """What stands in the inputs. Where there are none Slack was seen to send a list."""

    values: dict[Text, dict[Text, _Held]] | Annotated[list[_Held], Field(max_length=0)] = {}


class _View(Shape):
    id: Text
    type: Text
    callback_id: Text | None = None
    hash: Text
    previous_view_id: Text | None = None
    private_metadata: Text = ""
    app_installed_team_id: Text | None = None
    team_id: Text | None = None
    blocks: list[_Block]
    state: _State | None = None


class _Form(_View):
    callback_id: Text


class _Action(_Held):
    action_id: Text
    type: Text | None = None


class _Done(Anything):
    """What somebody did with something of ours."""

    user: _Person  # type: ignore[assignment]
    trigger_id: Text


class _Channel(Shape):
    id: Text
    name: Text | None = None


class Actions(_Done):
    """Something that was pressed or chosen."""

    type: Literal["block_actions"]
    actions: Annotated[list[_Action], Field(min_length=1)]  # type: ignore[assignment]
    view: _View | None = None  # type: ignore[assignment]
    message: dict[Text, Any] | None = None  # type: ignore[assignment]
    channel: _Channel | None = None  # type: ignore[assignment]


class Submission(_Done):
    """A form that was sent."""

    type: Literal["view_submission"]
    view: _Form  # type: ignore[assignment]


class Shortcut(_Done):
    """A shortcut that was taken from anywhere."""

    type: Literal["shortcut"]
    callback_id: Text


class _Message(Shape):
    ts: Text
    thread_ts: Text | None = None
    user: Text | None = None
    user_team: Text | None = None
    team: Text | None = None
    text: Text | None = None


class MessageShortcut(_Done):
    """A shortcut that was taken beside a message."""

    type: Literal["message_action"]
    callback_id: Text
    channel: _Channel  # type: ignore[assignment]
    message: _Message  # type: ignore[assignment]
    team: Named


class Other(Anything):
    """Something that somebody did with what nobody here hears."""

    user: _Person | None = None  # type: ignore[assignment]
    channel: _Channel | None = None  # type: ignore[assignment]
    actions: list[Any] | None = None  # type: ignore[assignment]
    view: dict[Text, Any] | None = None  # type: ignore[assignment]
    message: dict[Text, Any] | None = None  # type: ignore[assignment]
