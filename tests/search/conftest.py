"""What the tests of the search share."""

from tests.rituals.deciding import deciding as deciding
from tests.rituals.telling import stories as stories
