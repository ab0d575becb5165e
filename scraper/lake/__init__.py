"""WARC files to Parquet, without an archive: from one machine to a cluster.

`places` opens files here and elsewhere, `plan` cuts them into tasks, `reading` does one task in a
worker, `tables` says what is written, `manifest` what is done, `run` drives it all.
"""
