from datetime import UTC, datetime

from bot.playground import organisation, script

NOW = datetime(2026, 1, 9, 18, 0, tzinfo=UTC)


def test_people_tell_each_other_what_is_worth_a_recognition() -> None:
    said = [moment for moment in script.moments(NOW) if "says" in moment.does]
    assert len(said) >= 20
    places = {each.id: each for each in organisation.CHANNELS}
    for moment in said:
        members = [organisation.someone(handle).id for handle in places[moment.where].members]
        assert moment.who in members, moment
        assert moment.does["says"] == moment.does["says"].strip()
