"""The picture of a trend: what it shows, in lines and in words, and that it is always the same."""

import hashlib
import io
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from bot import pictures
from bot.aside import aside, end_aside
from bot.clipping import Verdict
from bot.panels import HEIGHT, WIDE, Point, draw
from bot.pictures import Series, trend
from bot.shares import wilson

ROOT = Path(__file__).parent.parent.parent
NONE, HIGH, LOW = Verdict.WITHHELD, Verdict.HIGH, Verdict.LOW
ROUNDS = ["7 Jul", "14 Jul", "21 Jul", "28 Jul", "4 Aug", "11 Aug", "18 Aug", "25 Aug"]
PHONE = 360


def share(percent: int) -> Point:
    return wilson(percent / 100, n=20)


def line(*points: Point, label: str = "Autonomy") -> Series:
    return Series(label, points)


MIXED = line(share(50), share(60), NONE, NONE, share(65), HIGH, LOW, share(70))


@pytest.fixture
async def ended() -> AsyncIterator[None]:
    yield
    await end_aside()


def panel(*points: Point) -> Axes:
    figure = Figure(figsize=(WIDE / 72, HEIGHT / 72), dpi=72)
    axes = figure.add_axes((0, 0, 1, 1))
    draw(axes, [f"week {number}" for number in range(len(points))], points)
    return axes


def said(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def lines(axes: Axes) -> list[list[float]]:
    return [list(map(float, each.get_xdata())) for each in axes.lines]  # type: ignore[arg-type]


def test_the_words_say_everything_that_is_shown() -> None:
    picture = trend("All of us", ROUNDS, [MIXED, line(*[HIGH] * 8, label="Recognition")])
    assert picture.words == (
        "All of us. Favourable share, with its 95 % interval in brackets.\n"
        "Autonomy: 7 Jul 50 % (30–70), 14 Jul 60 % (39–78), 21 Jul too few to say, "
        "28 Jul too few to say, 4 Aug 65 % (43–82), 11 Aug 80 % or more, 18 Aug 20 % or less, "
        "25 Aug 70 % (48–85).\n"
        "Recognition: 7 Jul 80 % or more, 14 Jul 80 % or more, 21 Jul 80 % or more, "
        "28 Jul 80 % or more, 4 Aug 80 % or more, 11 Aug 80 % or more, 18 Aug 80 % or more, "
        "25 Aug 80 % or more."
    )


def test_where_too_few_answered_the_line_stops_and_goes_on_behind() -> None:
    assert lines(panel(*MIXED.points)) == [[0, 1], [4], [7]]
    assert lines(panel(share(50), share(60), share(55))) == [[0, 1, 2]]


def test_what_is_no_line_is_said_in_words_where_there_is_room() -> None:
    assert said(panel(*MIXED.points)) == ["too few to say", "80 % or more", "20 % or less", "70 %"]
    assert said(panel(NONE, NONE, NONE)) == ["too few to say"]
    many = [share(50), *[NONE, share(50)] * 20]
    assert said(panel(*many)) == ["50 %"]


def test_the_key_explains_what_is_there_and_nothing_else() -> None:
    assert pictures._key([line(share(50))]) == ["Dot: share who agree. Shaded: its 95 % interval."]
    assert pictures._key([line(NONE)]) == ["Hatched: too few to say."]
    assert pictures._key([line(LOW), line(NONE)]) == [
        "Open bar: 80 % or more, or 20 % or less; no closer.",
        "Hatched: too few to say.",
    ]


def test_a_single_round_has_a_band_of_its_own() -> None:
    axes = panel(NONE, share(50), NONE)
    (band,) = axes.collections
    extent = band.get_paths()[0].get_extents()
    assert (extent.y0, extent.y1) == pytest.approx((29.9, 70.1), abs=0.1)


def every_text(page: pictures._Page) -> list[Text]:
    page._figure.draw_without_rendering()
    found = [*page._figure.texts]
    for axes in page._figure.axes:
        found += [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
    return [text for text in found if text.get_text()]


@pytest.mark.parametrize(
    "series",
    [
        [MIXED],
        [MIXED, line(*[share(100)] * 8, label="When two tasks compete for my time, " * 2)],
        [line(*([LOW, NONE] * 26))],
        [line(*([share(0)] * 51), share(100))],
        [line(NONE)],
    ],
)
def test_everything_written_is_on_the_page_and_large_enough_for_a_phone(
    series: list[Series],
) -> None:
    title = "Four drivers, and what all of us together said of them"
    page = pictures._filled(title, (ROUNDS * 7)[: len(series[0].points)], series)
    assert page._top == pictures.MARGIN  # it is as high as what stands on it
    texts = every_text(page)
    assert min(float(text.get_fontsize()) for text in texts) >= 9
    for text in texts:
        extent = text.get_window_extent()
        assert extent.x0 >= 0, text
        assert extent.y0 >= 0, text
        assert extent.x1 <= page._figure.bbox.width, text
        assert extent.y1 <= page._figure.bbox.height, text


def test_it_is_three_times_as_sharp_as_a_phone_is_wide_and_light() -> None:
    pixels = imread(io.BytesIO(trend("All of us", ROUNDS, [MIXED]).png))
    assert pixels.shape[1] == 3 * PHONE
    assert (pixels[0, 0] == 1).all()  # white, and not transparent


def test_other_figures_are_another_picture() -> None:
    kinds: list[Point] = [share(50), share(55), NONE, HIGH, LOW]
    assert len({trend("All of us", ["7 Jul"], [line(kind)]).png for kind in kinds}) == 5


@pytest.mark.usefixtures("ended")
async def test_the_same_figures_are_the_same_picture_in_every_process() -> None:
    here = trend("All of us", ROUNDS, [MIXED])
    assert trend("All of us", ROUNDS, [MIXED]) == here
    assert await aside(trend, "All of us", ROUNDS, [MIXED]) == here


def test_a_style_that_somebody_set_on_the_machine_does_not_change_it(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("axes.facecolor: red\nfont.size: 30\nlines.marker: x\n")
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import hashlib, matplotlib\n"
        "from bot.pictures import Series, trend\n"
        "from bot.clipping import Verdict\n"
        "assert matplotlib.rcParams['font.size'] == 30\n"
        "png = trend('Us', ['a', 'b'], [Series('Us', (Verdict.HIGH, Verdict.LOW))]).png\n"
        "print(hashlib.sha256(png).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    png = trend("Us", ["a", "b"], [line(HIGH, LOW, label="Us")]).png
    assert done.stdout.strip() == hashlib.sha256(png).hexdigest()


@pytest.mark.parametrize(
    ("rounds", "series"),
    [
        ([], [line()]),
        (["7 Jul"], []),
        (["7 Jul"], [line(NONE)] * 5),
        (["week"] * 53, [line(*[NONE] * 53)]),
        (["week"] * 27, [line(*[NONE] * 27)] * 2),
        (["7 Jul"], [line(NONE, NONE)]),
    ],
)
def test_what_cannot_be_drawn_is_refused(rounds: list[str], series: list[Series]) -> None:
    with pytest.raises(ValueError, match=r"a trend has|says something of every round"):
        trend("All of us", rounds, series)
