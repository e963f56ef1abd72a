"""Files and folders that are there whole, or not at all."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import NotSaved


@contextmanager
def made(target: Path) -> Iterator[Path]:
    """Yield where to make what is to be at the target, where it comes once it is made and lasts.

    Whatever ends this before leaves nothing of the target's name. Nobody but its owner may read it.
    Raises NotSaved where something is there already, or the disk does not do as it should.
    """
    must_be_new(target)
    try:
        with _room_beside(target) as room:
            yield room / target.name
            _keep(room / target.name)
            must_be_new(target)
            (room / target.name).rename(target)
            _sync(target.parent)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise NotSaved(f"{target} was not made: {error.strerror}{where}.") from error


def must_be_new(target: Path) -> None:
    """Raise NotSaved where something is there already."""
    if os.path.lexists(target):
        raise NotSaved(f"{target} is there already. Nothing was changed: name a new one.")


@contextmanager
def _room_beside(target: Path) -> Iterator[Path]:
    """Have a folder to oneself, without what somebody left in it who was killed."""
    room = target.absolute().with_name(f".{target.name}.unfinished")
    room.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(room, os.O_RDONLY)
    try:
        _take(lock, target)
        _empty(room)
        try:
            yield room
        finally:
            shutil.rmtree(room)
    finally:
        os.close(lock)


def _take(lock: int, target: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NotSaved(f"{target} is being made already. Nothing was changed.") from None


def _empty(room: Path) -> None:
    for each in room.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


def _keep(made_there: Path) -> None:
    """Have it outlast a power cut, and be its owner's alone."""
    for folder, _, names in os.walk(made_there):
        for name in names:
            _keep(Path(folder, name))
    made_there.chmod(0o700 if made_there.is_dir() else 0o600)
    _sync(made_there)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
