"""What the tests of rituals share."""

from tests.rituals.telling import stories as stories
