"""Full-text search in German: reading a query, finding releases and quotations, keeping the index.

`query` reads what a user typed and `filters` what narrows it down; `articles` and `quotations`
search, `widen` adds compounds, `snippet` cuts out the words around a hit; `found` adds what helps
if nothing is found: `suggest` other spellings, `overlap` the closest releases. `index` writes the
stems that all of this reads (`german` makes them), and `check` tells whether they are right.
"""
