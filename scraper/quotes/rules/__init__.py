"""The rules by which quotations are found and given to speakers: tables of rules with names.

rule        what a rule is, and the one order: the first that fits decides
pattern     the language of token patterns
scene       what a rule may look at
joined, opening, tags, colon, inside
is it speech? by the place that the quoted string has in its sentence
after, before, part, alone
who says it? by the construction
"""
