"""Bulk work: any number of pictures through the core, by Dask, into one table.

`sources` finds the files, `journal` remembers them and what has been read, `worker` reads a chunk of them, `output` makes the table,
`cluster` says who works, `flow` hands out the chunks, and `run` drives it all. Nothing here but the words of the command is imported before
`python -m digitcore batch` needs it.
"""
