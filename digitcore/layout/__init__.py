"""Find marks in ink, group them into lines, and split and join them into digits.

In the order of use: `components` finds connected components and rejects some by their geometry, `lines` groups them, and `segmentation`
segments each line into digits. For that `slant` estimates the writing's slant, `over_segmentation` splits components along `seams`, and
`lattice` finds the likeliest reading, whose cost `scoring` defines. The package depends on a classifier only through `candidates`.
"""
