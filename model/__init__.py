"""The network: its architecture, its data, how it is trained, exported and measured.

Only this package imports TensorFlow or Keras. What it writes beside itself (`digits.keras`, `digits.tflite`, `card.json`)
is all that `digitcore` needs.
"""
