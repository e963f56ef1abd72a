"""What every test shares."""

import hypothesis

pytest_plugins = ["tests.skips", "tests.statements", "tests.support"]

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("truenorth", deadline=None)
hypothesis.settings.load_profile("truenorth")
