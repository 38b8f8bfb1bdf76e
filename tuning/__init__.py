"""Measure and tune the numbers of the reading pipeline (`digitcore.pipeline_params`).

- `samples`, `synthetic_samples`, `development_sets`: labelled pictures and drawings.
- `metrics`, `stages`: pure functions that measure answers and stages, and the stages of hard pages measured by them.
- `dependencies`, `memo`, `reader`: read pictures again without computing what a changed number can't affect.
- `sensitivity`, `record`, `report`: change each number, keep what that changes, and write the table of it.
- `optimiser`: search for better values, and check them on held-out writers.
- `counterfactuals`: how often a small change is found that makes a digit another one.

Nothing here writes a parameter: a person decides. `python -m tuning --help` lists the commands.
"""
