"""Turn the pixels of a photograph into ink: white on black, its greys kept.

In the order of the pipeline: `grayscale` and `resampling`, `enhancement`, `sheet`, `stroke_width` with `polarity`, `background`,
`thresholding`, then `ink_extraction` with `ruled_lines` (`line_detection`, `skew`), `border_artifacts` and `ink_darkness`. `histogram` and
`morphology` are shared tools. Every step is a pure function of arrays and of its tuned numbers, which are in `parameters`.
"""
