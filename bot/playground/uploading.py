"""files.getUploadURLExternal and files.completeUploadExternal: a picture or a text, shared once."""

from typing import Any

from bot.playground import content
from bot.playground.errors import SlackError, invalid_arguments
from bot.playground.files import KINDS, MOST_BYTES
from bot.playground.installation import Installation
from bot.playground.people import AUTHOR
from bot.playground.posting import destination, thread
from bot.playground.shapes import Problems, items, shape, string
from bot.playground.store import Doc

ALT_LIMIT = 1000
_FILES = items(shape({"id": string(32)}, {"title": string(255)}), most=2)


def get_url(here: Installation, args: Doc) -> Doc:
    """An address for one upload of so many bytes."""
    if args["filename"].rpartition(".")[2] not in KINDS:
        raise SlackError("file_type_not_allowed", args["filename"])
    if not args["length"]:
        raise SlackError("missing_argument", "length is 0")
    if args["length"] > MOST_BYTES:
        raise SlackError("file_upload_size_restricted", str(args["length"]))
    alt_text = args.get("alt_txt", "")
    if len(alt_text) > ALT_LIMIT:
        raise SlackError("alt_txt_too_large", f"{len(alt_text)} of at most {ALT_LIMIT} characters")
    doc, ticket = here.workspace.files.expect(args["filename"], args["length"], alt_text)
    return {"file_id": doc["id"], "upload_url": f"{here.base_url}/upload/{ticket}"}


def complete(here: Installation, args: Doc) -> Doc:
    """Share what was uploaded in a channel the app is in; unlike a message, to nobody by their id.

    Stricter than Slack: two files at a time at most, and never kept private.
    """
    given = _given(args["files"])
    if args["channel_id"] in here.workspace.persons:
        raise SlackError("channel_not_found", "a file takes no person's id")
    channel = destination(here, args["channel_id"])
    place = thread(here, channel, args)
    comment = args.get("initial_comment", "")
    text = content.checked({"text": comment})["text"] if comment else ""
    files = here.workspace.files
    titles = {each["id"]: each.get("title") for each in given}
    ready = [files.ready(each) for each in titles]
    shared = [
        files.share(doc["id"], channel, str(titles[doc["id"]] or doc["name"])) for doc in ready
    ]
    message = {**AUTHOR, "text": text, "files": shared, "upload": True}
    here.workspace.messages.post(channel, {**message, **place})
    return {"files": [{"id": each["id"], "title": each["title"]} for each in shared]}


def _given(files: Any) -> list[Doc]:
    problems: Problems = []
    _FILES(files, "/files", problems)
    if problems:
        raise invalid_arguments(*problems)
    found: list[Doc] = files
    return found
