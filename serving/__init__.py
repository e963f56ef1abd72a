"""Truenorth at work: in one workspace, or in many over HTTP."""
