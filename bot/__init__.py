"""Truenorth: mission-first team rituals in Slack."""
