"""Files on the disk that a crash, a power cut or a full disk leaves either old or new, never half.

`atomic` writes them. Whatever replaces a file uses it: exports, systemd units, kept examples.
"""
