"""What a page that was read means for the archive; pure functions, no clock, no database.

`outcome` tells new from changed, moved and gone, by the `fingerprint` of a record; `compare` says
what differs, `timeline` orders versions by time, `revisit` says when to look again.
"""
