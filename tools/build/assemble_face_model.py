"""A face landmark bundle made from the two models inside the mediapipe 0.10.21 wheel.

That wheel carries the face detector and the "attention" landmark network of the former Face Mesh solution.
The task library of today wants one tensor of 478 points instead of the network's six, so two operations
are appended to the graph: join the six, then pick each point's coordinates in the order of the points.
Lips, eyes and irises take x and y from their own refined output and depth from the mesh, as Face Mesh did.
Models, schema and the order of the points are MediaPipe's (Apache-2.0).
"""

import importlib
import io
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import flatbuffers
import numpy as np
from numpy.typing import NDArray

MODELS = "mediapipe/modules/"
DETECTOR = MODELS + "face_detection/face_detection_short_range.tflite"
LANDMARKS = MODELS + "face_landmark/face_landmark_with_attention.tflite"
SCHEMAS = "mediapipe/tasks/metadata/"
POINTS = 478
MESH_POINTS = 468

# Which mesh point each refined point replaces, in the order of the network's outputs; from MediaPipe's
# modules/face_landmark/tensors_to_face_landmarks_with_attention.pbtxt.
LIPS = """
61 146 91 181 84 17 314 405 321 375 291 185 40 39 37 0 267 269 270 409 78 95 88 178 87 14 317 402 318 324
308 191 80 81 82 13 312 311 310 415 76 77 90 180 85 16 315 404 320 307 306 184 74 73 72 11 302 303 304 408
62 96 89 179 86 15 316 403 319 325 292 183 42 41 38 12 268 271 272 407
"""
RIGHT_EYE = """
33 7 163 144 145 153 154 155 133 246 161 160 159 158 157 173 130 25 110 24 23 22 26 112 243 247 30 29 27 28
56 190 226 31 228 229 230 231 232 233 244 113 225 224 223 222 221 189 35 124 46 53 52 65 143 111 117 118 119
120 121 128 245 156 70 63 105 66 107 55 193
"""
LEFT_EYE = """
263 249 390 373 374 380 381 382 362 466 388 387 386 385 384 398 359 255 339 254 253 252 256 341 463 467 260
259 257 258 286 414 446 261 448 449 450 451 452 453 464 342 445 444 443 442 441 413 265 353 276 283 282 295
372 340 346 347 348 349 350 357 465 383 300 293 334 296 336 285 417
"""
# The network names the eyes as they lie in the picture: its left one is the subject's right.
OUTPUTS = {
    "output_mesh_identity": list(range(MESH_POINTS)),
    "output_lips": [int(point) for point in LIPS.split()],
    "output_left_eye": [int(point) for point in RIGHT_EYE.split()],
    "output_right_eye": [int(point) for point in LEFT_EYE.split()],
    "output_left_iris": list(range(468, 473)),
    "output_right_iris": list(range(473, 478)),
}
PRESENCE = "conv_faceflag"
# No output gives an iris's depth: the middle of the upper lid stands in.
IRIS_DEPTH_POINTS = {**dict.fromkeys(range(468, 473), 159), **dict.fromkeys(range(473, 478), 386)}


def assemble(wheel: Path) -> bytes:
    """The bundle, a zip of stored models, equal bytes for equal wheels.

    wheel : the mediapipe 0.10.21 wheel of any platform
    """
    with zipfile.ZipFile(wheel) as archive, _schemas(archive) as (schema, metadata_schema):
        return _bundle(
            {
                "face_detector.tflite": archive.read(DETECTOR),
                "face_landmarks_detector.tflite": _joined(archive.read(LANDMARKS), schema, metadata_schema),
            }
        )


@contextmanager
def _schemas(archive: zipfile.ZipFile) -> Iterator[tuple[ModuleType, ModuleType]]:
    """The wheel's own flatbuffer modules of TFLite and of its metadata, imported from inside the wheel."""
    sys.path.insert(0, f"{archive.filename}/{SCHEMAS}")
    try:
        yield (
            importlib.import_module("schema_py_generated"),
            importlib.import_module("metadata_schema_py_generated"),
        )
    finally:
        sys.path.pop(0)


def point_sources() -> NDArray[np.int32]:
    """Where each coordinate, x y z of 478 points in turn, lies in the six outputs laid end to end."""
    sources = np.zeros((POINTS, 3), np.int32)
    offset = 0
    for points in OUTPUTS.values():
        width = 3 if offset == 0 else 2  # only the mesh has depth
        sources[points, :width] = offset + np.arange(len(points) * width).reshape(-1, width)
        offset += len(points) * width
    for iris, lid in IRIS_DEPTH_POINTS.items():
        sources[iris, 2] = sources[lid, 2]
    return sources.ravel()


def _joined(network: bytes, schema: Any, metadata_schema: Any) -> bytes:
    """The landmark network with one output of all points and one of the face's presence."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(network, 0))
    graph = model.subgraphs[0]
    named = {tensor.name.decode(): index for index, tensor in enumerate(graph.tensors)}
    sources = point_sources()

    def add_tensor(name: str, shape: list[int], data: NDArray[np.int32] | None = None) -> int:
        tensor = schema.TensorT()
        tensor.name, tensor.shape = name.encode(), np.array(shape, np.int32)
        tensor.type = schema.TensorType.FLOAT32 if data is None else schema.TensorType.INT32
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(data.astype("<i4").tobytes(), np.uint8)
            model.buffers.append(buffer)
            tensor.buffer = len(model.buffers) - 1
        graph.tensors.append(tensor)
        return len(graph.tensors) - 1

    def add_operator(name: str, options: Any, inputs: list[int], output: int) -> int:
        code = schema.OperatorCodeT()
        builtin = getattr(schema.BuiltinOperator, name)
        code.builtinCode = code.deprecatedBuiltinCode = builtin
        code.version = 1
        model.operatorCodes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = len(model.operatorCodes) - 1
        operator.inputs, operator.outputs = np.array(inputs, np.int32), np.array([output], np.int32)
        operator.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__.removesuffix("T"))
        operator.builtinOptions = options
        graph.operators.append(operator)
        return output

    outputs = [named[name] for name in OUTPUTS]
    total = int(sum(np.prod(graph.tensors[index].shape) for index in outputs))
    concatenation = schema.ConcatenationOptionsT()
    gather = schema.GatherOptionsT()
    concatenation.axis = gather.axis = 3
    joined = add_operator("CONCATENATION", concatenation, outputs, add_tensor("joined", [1, 1, 1, total]))
    order = add_tensor("point_order", [len(sources)], sources)
    points = add_tensor("face_landmarks", [1, 1, 1, len(sources)])
    add_operator("GATHER", gather, [joined, order], points)
    graph.outputs = np.array([points, named[PRESENCE]], np.int32)
    _describe_outputs(model, metadata_schema, ["face_landmarks", "presence"])
    return _packed(model, b"TFL3")


def _describe_outputs(model: Any, schema: Any, names: list[str]) -> None:
    """Describe these outputs in the model's metadata; the input's description stays."""
    entry = next(entry for entry in model.metadata if entry.name == b"TFLITE_METADATA")
    buffer = model.buffers[entry.buffer]
    metadata = schema.ModelMetadataT.InitFromObj(schema.ModelMetadata.GetRootAs(bytes(buffer.data), 0))
    metadata.subgraphMetadata[0].outputTensorMetadata = []
    for name in names:
        tensor = schema.TensorMetadataT()
        tensor.name = name
        metadata.subgraphMetadata[0].outputTensorMetadata.append(tensor)
    buffer.data = np.frombuffer(_packed(metadata, b"M001"), np.uint8)


def _packed(value: Any, identifier: bytes) -> bytes:
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(value.Pack(builder), identifier)
    return bytes(builder.Output())


def _bundle(files: dict[str, bytes]) -> bytes:
    """A zip that can be mapped into memory: stored, each file at a multiple of 16 bytes, one fixed date."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 0  # else Windows and Unix would write different bytes
            start = target.tell() + 30 + len(name) + 4
            padding = -start % 16
            entry.extra = b"\x00\x00" + padding.to_bytes(2, "little") + bytes(padding)
            archive.writestr(entry, data)
    return target.getvalue()
