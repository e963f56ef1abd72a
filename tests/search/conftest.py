"""What the tests of the search share."""

from tests.rituals.telling import stories as stories
