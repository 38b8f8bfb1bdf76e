"""Define, train, export and evaluate the network.

Only this package imports TensorFlow or Keras. `digitcore` needs only the files that a training writes for it (`digits.tflite`,
`explainer.tflite`, `card.json`).
"""
