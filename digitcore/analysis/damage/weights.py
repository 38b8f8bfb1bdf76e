"""Read and replace the weights of a network in LiteRT's format, a FlatBuffers file (https://ai.google.dev/edge/litert)."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Self

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from digitcore.types import Float32Array

_FILE_IDENTIFIER: Final = b"TFL3"
_WITH_WEIGHTS: Final = (schema.BuiltinOperator.CONV_2D, schema.BuiltinOperator.FULLY_CONNECTED)


class Layer(NamedTuple):
    """A layer that has weights, with the place of its output in the network.

    Attributes:
        kernel_px: the side of a convolution's window; 0 for the dense layer at the end.
        channels: the number of its outputs.
        block: the number of the Inception block that it ends a branch of, from 0; None for other layers.
        branch: the number of that branch, from 0; None likewise.
    """

    kernel_px: int
    channels: int
    block: int | None
    branch: int | None


class NetworkWeights:
    """The weights and biases of a network, in the order in which its layers are computed.

    Args:
        model: the content of a `.tflite` file whose weights are float32.

    Attributes:
        layers: those that have weights.
        weights: for each layer float32 `(channels, …)`; may be replaced by arrays of the same shape.
        biases: for each layer float32 `(channels,)`; likewise.

    Raises:
        ValueError: the bytes are no such file.

    Examples:
        >>> from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_model
        >>> network = NetworkWeights(read_model(PACKAGED_NETWORK)[0])
        >>> network.layers[-1].channels, network.weights[-1].shape[0]
        (10, 10)
    """

    def __init__(self, model: bytes) -> None:
        if model[4:8] != _FILE_IDENTIFIER:
            raise ValueError(f"expected a LiteRT model, received bytes that begin with {model[:8]!r}.")
        self._model = schema.ModelT.InitFromPackedBuf(model, 0)
        self._operators = [operator for operator in self._graph.operators if self._code(operator) in _WITH_WEIGHTS]
        self.layers: Final = self._describe()
        self.weights: Final = [self._array(operator.inputs[1]) for operator in self._operators]
        self.biases: Final = [self._array(operator.inputs[2]) for operator in self._operators]

    def replace(self, weights: Sequence[Float32Array], biases: Sequence[Float32Array]) -> Self:
        """Replace all weights and biases, and return the network.

        Args:
            weights: for each layer, of the same shapes.
            biases: likewise.

        Raises:
            ValueError: a shape or the number of layers differs.
        """
        for own, other in ((self.weights, weights), (self.biases, biases)):
            expected, received = [each.shape for each in own], [each.shape for each in other]
            if expected != received:
                raise ValueError(f"expected arrays of the shapes {expected}, received {received}.")
            own[:] = other
        return self

    def to_bytes(self) -> bytes:
        """Return the content of a `.tflite` file with the current weights."""
        for operator, *arrays in zip(self._operators, self.weights, self.biases, strict=True):
            for tensor, array in zip(operator.inputs[1:3], arrays, strict=True):
                self._buffer(tensor).data = np.frombuffer(np.ascontiguousarray(array, np.float32).tobytes(), np.uint8)
        builder = flatbuffers.Builder(0)
        builder.Finish(self._model.Pack(builder), _FILE_IDENTIFIER)
        return bytes(builder.Output())

    @property
    def _graph(self) -> Any:
        return self._model.subgraphs[0]

    def _code(self, operator: Any) -> int:
        return int(self._model.operatorCodes[operator.opcodeIndex].builtinCode)

    def _buffer(self, tensor: int) -> Any:
        return self._model.buffers[self._graph.tensors[tensor].buffer]

    def _array(self, tensor: int) -> Float32Array:
        return np.frombuffer(bytes(self._buffer(tensor).data), np.float32).reshape(self._graph.tensors[tensor].shape)

    def _describe(self) -> list[Layer]:
        """Describe the layers; the inputs of a concatenation are the ends of a block's branches."""
        joins = [operator for operator in self._graph.operators if self._code(operator) == schema.BuiltinOperator.CONCATENATION]
        ends = {tensor: (block, branch) for block, join in enumerate(joins) for branch, tensor in enumerate(join.inputs)}
        layers = []
        for operator in self._operators:
            channels, *window = self._graph.tensors[operator.inputs[1]].shape
            block, branch = ends.get(operator.outputs[0], (None, None))
            layers.append(Layer(int(window[0]) if len(window) == 3 else 0, int(channels), block, branch))
        return layers
