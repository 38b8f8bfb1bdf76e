"""Evaluation: compare what is read from labelled pictures with their labels.

`labels` finds the label of each picture, `comparison` compares it with what was read, `measures` counts, `advice` tries which settings
would have helped, `evaluate` puts them together, and `report` writes it all as one HTML file.
"""
