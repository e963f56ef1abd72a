"""The fake Slack: a strict simulation of one workspace, for the demo and the tests."""
