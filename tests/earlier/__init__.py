"""Databases as earlier versions wrote them, with what people had done until then.

Each is called after the last migration that it had, and stays as it is.
"""
