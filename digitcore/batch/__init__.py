"""Batch processing: read any number of images with Dask and write one table.

`sources` finds the files, `journal` stores them and the results so far, `worker` reads a chunk of them, `output` writes the table,
`cluster` connects to Dask, `scheduler` distributes the chunks, and `run` drives it all.

Only `command`, the command-line interface, is imported by other commands. The others need the extra `batch` and are imported when the
command `batch` runs.
"""
