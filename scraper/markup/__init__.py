"""From the bytes of a page to a tree that is safe to read.

`charset` finds the characters, `cost` refuses what would take too long, `tree` parses, `blockpage`
recognises captchas and the like, `cards` reads teasers of other releases, `wayback` undoes what web
archives add.
"""
