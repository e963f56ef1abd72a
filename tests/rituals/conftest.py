"""What the tests of rituals share."""

from tests.rituals.spreading import crowd as crowd
from tests.rituals.telling import stories as stories
