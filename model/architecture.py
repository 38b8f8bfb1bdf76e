"""Define an Inception-style network for 28×28 digits, after Szegedy et al., "Going Deeper with Convolutions" (2015).

The four parallel branches of a block have windows of different sizes; their feature maps are concatenated. Each convolution is followed by
batch normalisation (Ioffe and Szegedy 2015). The head is global average pooling and one dense layer, so that the class activation map of
Zhou et al. (2016) is exact.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
from keras import layers

from digitcore.recognition.model_input import CLASS_COUNT, MODEL_SIDE_PX


@dataclass(frozen=True, slots=True)
class BranchWidths:
    """Output channels of the branches of one Inception block; `reduce` are the 1×1 convolutions before the larger windows."""

    one: int
    three_reduce: int
    three: int
    five_reduce: int
    five: int
    pool: int


STEM_WIDTHS = (16, 32)
"""Output channels of the convolutions before the Inception blocks, at 28×28 and at 14×14."""

FINE_BLOCKS = (BranchWidths(16, 20, 28, 6, 8, 8),)
"""The Inception blocks at 14×14."""

COARSE_BLOCKS = (BranchWidths(40, 40, 64, 12, 24, 24), BranchWidths(48, 48, 88, 16, 32, 32))
"""The Inception blocks at 7×7."""


@keras.saving.register_keras_serializable(package="digits")
class FusedBatchNormalization(layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalisation whose training step uses TensorFlow's fused kernel where TensorFlow is the backend.

    Keras computes mean, variance and normalised values in separate passes; with the fused kernel, a training step of this network takes a
    seventh less time on a CPU. Inference is Keras's own.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if not training or keras.backend.backend() != "tensorflow":
            return super().call(inputs, training=training, mask=mask)
        from tensorflow.compat.v1.nn import fused_batch_norm  # noqa: PLC0415  absent with the other backends

        outputs, mean, variance, *_ = fused_batch_norm(inputs, self.gamma, self.beta, epsilon=self.epsilon, is_training=True)
        for moving, batch_value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + batch_value * (1 - self.momentum))
        return outputs


@keras.saving.register_keras_serializable(package="digits")
class ConvBlock(layers.Layer):  # type: ignore[misc]
    """Apply convolution, batch normalisation and ReLU: `(N, H, W, C)` to `(N, H, W, filters)`."""

    def __init__(self, filters: int, kernel_px: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_px = kernel_px
        self.convolution = layers.Conv2D(filters, kernel_px, padding="same", use_bias=False)
        self.normalisation = FusedBatchNormalization()

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.convolution.build(input_shape)
        self.normalisation.build(self.convolution.compute_output_shape(input_shape))
        super().build(input_shape)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        return keras.ops.relu(self.normalisation(self.convolution(inputs), training=training))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.filters)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "filters": self.filters, "kernel_px": self.kernel_px}


@keras.saving.register_keras_serializable(package="digits")
class InceptionBlock(layers.Layer):  # type: ignore[misc]
    """Concatenate parallel 1×1, 3×3, 5×5 and pooling branches along the channels.

    The input is `(N, H, W, C)`, the output `(N, H, W, one + three + five + pool)`.
    """

    def __init__(self, widths: BranchWidths | dict[str, int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widths = widths if isinstance(widths, BranchWidths) else BranchWidths(**widths)
        self.branches = {
            "one": [ConvBlock(self.widths.one, 1)],
            "three": [ConvBlock(self.widths.three_reduce, 1), ConvBlock(self.widths.three, 3)],
            "five": [ConvBlock(self.widths.five_reduce, 1), ConvBlock(self.widths.five, 5)],
            "pool": [layers.MaxPooling2D(3, strides=1, padding="same"), ConvBlock(self.widths.pool, 1)],
        }

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        for branch in self.branches.values():
            shape = input_shape
            for layer in branch:
                layer.build(shape)
                shape = layer.compute_output_shape(shape)
        super().build(input_shape)

    def branch_outputs(self, inputs: Any, training: bool | None = None) -> dict[str, Any]:
        """Compute the output of each branch for `inputs`, by the branch's name."""
        outputs = {}
        for name, branch in self.branches.items():
            x = inputs
            for layer in branch:
                x = layer(x, training=training) if isinstance(layer, ConvBlock) else layer(x)
            outputs[name] = x
        return outputs

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        return keras.ops.concatenate(list(self.branch_outputs(inputs, training).values()), axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        widths = self.widths
        return (*input_shape[:-1], widths.one + widths.three + widths.five + widths.pool)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "widths": asdict(self.widths)}


def build_network(class_count: int = CLASS_COUNT) -> keras.Model:
    """Build the untrained network: float32 `(N, 28, 28, 1)` in [0, 1] to logits, float32 `(N, class_count)`."""
    inputs = layers.Input((MODEL_SIDE_PX, MODEL_SIDE_PX, 1), name="digit")
    x = ConvBlock(STEM_WIDTHS[0], 3, name="stem_fine")(inputs)
    x = layers.MaxPooling2D(2, name="to_14")(x)
    x = ConvBlock(STEM_WIDTHS[1], 3, name="stem_coarse")(x)
    for index, widths in enumerate(FINE_BLOCKS, 1):
        x = InceptionBlock(widths, name=f"inception_fine_{index}")(x)
    x = layers.MaxPooling2D(2, name="to_7")(x)
    for index, widths in enumerate(COARSE_BLOCKS, 1):
        x = InceptionBlock(widths, name=f"inception_coarse_{index}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return keras.Model(inputs, layers.Dense(class_count, name="logits")(x), name="digits")


def load_network(path: Path) -> keras.Model:
    """Load a saved network for inference, without the loss and the metrics of its training."""
    return keras.models.load_model(path, compile=False)
