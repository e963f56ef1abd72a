"""Feeds what reads what people type and Slack sends with whatever reaches more of it.

`python -m tests.fuzz.parsing RUNS SEED` needs atheris (https://github.com/google/atheris), which
watches what of the code runs and goes on from what reached something new.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot"], enable_loader_override=False):
    from bot.errors import UserError
    from tests.fuzz.readers import EVERY


def one(data: bytes) -> None:
    """Feed what the first byte chooses with the rest."""
    if not data:
        return
    text = data[1:].decode("utf-8", "replace").replace("\ufffd", "?")
    try:
        EVERY[data[0] % len(EVERY)](text)
    except UserError:
        return


SEEDS = [
    "command=/recognize&text=@ana+stayed+late+#care&user_id=U0ANA&trigger_id=1.2.3",
    'payload={"type":"block_actions","user":{"id":"U0ANA"},"trigger_id":"1.2","actions":'
    '[{"action_id":"applaud","value":"7"}]}',
    '{"type":"event_callback","event":{"type":"user_change","user":{"id":"U0ANA"}}}',
    "<@U0ANA|ana> and <!subteam^S0NURSES> stayed late #care",
    'from:@ana value:care "a phrase" later',
    "edit:7",
    "Europe/Berlin\nGermany\nMonday\n09:30\nMonday, Friday\n8:00",
    "Care: nobody waits alone\n:mag: Candour: we say what we see",
]


def main(runs: str, seed: str) -> None:
    """Run so often, beginning with what people and Slack send."""
    with tempfile.TemporaryDirectory() as folder:
        for place, text in enumerate(SEEDS):
            for kind in range(len(EVERY)):
                (Path(folder) / f"{place}-{kind}").write_bytes(bytes([kind]) + text.encode())
        known = [sys.argv[0], f"-runs={runs}", f"-seed={seed}", "-max_len=2000"]
        known += [f"-artifact_prefix={folder}/", folder]
        atheris.Setup(known, one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
