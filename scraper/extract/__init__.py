"""From a capture to a full record, and the processes in which that happens.

`extract` reads one page; `again` reads a stored page again and compares, `reparse` does so for a
whole archive; `worker` reads in a process beside the crawl.
"""
