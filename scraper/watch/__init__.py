"""Saved searches: what is new about a subject is told after each crawl, or when asked.

`saved` keeps them, `addresses` whom they tell, `news` finds what is new, `digest` puts it into
words, `sending` sends that through apprise, `feed` writes it as Atom, and `run` does all of it.
"""
