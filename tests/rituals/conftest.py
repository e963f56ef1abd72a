"""What the tests of rituals share."""

from tests.rituals.asking import asking as asking
from tests.rituals.deciding import deciding as deciding
from tests.rituals.few import few as few
from tests.rituals.saying_when import updates as updates
from tests.rituals.spreading import crowd as crowd
from tests.rituals.telling import stories as stories
