"""Printing for people: a run going by, figures, releases; all of it harmless to a terminal.

`base` prints lines, tables and JSON, and the other modules one kind of thing each. Nothing is
imported here, so that a command loads only what it prints.
"""
