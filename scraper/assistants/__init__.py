"""For assistants: an archive as read-only tools of the Model Context Protocol.

`answers` has what each tool answers, within bounds and with citations; `server` offers them over
standard input and output (extra `mcp`).
"""
