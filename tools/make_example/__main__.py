"""Make the example that ships with the product: a fictional speaker, and all that is known about her.

    python tools/make_example            everything, into examples/
    python tools/make_example --quick    small and noisy, to look at the motion

Frames are kept in out/example and made only where missing, so a stopped run goes on where it was.
"""

import argparse
from pathlib import Path

import numpy as np

from mannerism.core.motion import Array, HeadMotion
from mannerism.tools.make_example import film, script, truth
from mannerism.tools.make_example.mouth import FaceShape, shape_face
from mannerism.tools.make_example.movement import move
from mannerism.tools.make_example.voice import speak, write_wav

ROOT = Path(__file__).resolve().parents[2]
CANONICAL = ROOT / "core" / "track" / "canonical_face.csv"
SEED = 10
STILL_S = 2.6
QUALITY = {"size": 448, "samples": 24}
QUICK = {"size": 256, "samples": 4}


def main() -> None:
    """Speak, move, render, and write all files."""
    options = _options()
    examples, frames = options.examples, options.frames
    examples.mkdir(exist_ok=True)
    for line in script.LINES:
        write_wav(examples / f"{line.name}.wav", speak(line))
    speech = speak(script.REFERENCE)
    motion = move(speech, SEED)
    face = shape_face(motion.time_s, speech, SEED)
    truth.write_phonemes(examples / "reference.phonemes.csv", speech)

    opening_m = _render(frames, motion, face, options.threads, **(QUICK if options.quick else QUALITY))
    from mannerism.tools.make_example.studio import FOCAL_HEIGHTS

    truth.write_head(examples / "reference.truth.csv", motion, FOCAL_HEIGHTS)
    truth.write_face(examples / "reference.face.csv", motion.time_s, opening_m, face.blink)
    files = [_frame(frames, i) for i in range(len(motion.time_s))]
    film.write_film(examples / "reference.mp4", files, speech)


def _render(
    frames: Path, motion: HeadMotion, face: FaceShape, threads: int, *, size: int, samples: int
) -> Array:
    """Render the frames that are missing; returns the opening of the mouth (T,) in metres."""
    import bpy

    from mannerism.tools.make_example.figure import Figure
    from mannerism.tools.make_example.head import build_head
    from mannerism.tools.make_example.pose import Frame
    from mannerism.tools.make_example.studio import set_up

    frames.mkdir(parents=True, exist_ok=True)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = set_up(size, samples, threads)
    figure = Figure(build_head(np.loadtxt(CANONICAL, delimiter=",", skiprows=4)), SEED)
    opening_m = np.zeros(len(motion.time_s))
    for i in range(len(motion.time_s)):
        frame = Frame(face.channels[i], float(face.closure[i]), float(face.blink[i]), float(face.brow[i]))
        opening_m[i] = figure.pose(frame, motion.rotation[i], motion.translation_m[i])
        path = _frame(frames, i)
        if not path.exists():
            half = path.with_name(f"half-{path.name}")
            scene.render.filepath = str(half)
            bpy.ops.render.render(write_still=True)
            half.replace(path)
            print(f"frame {i + 1} of {len(motion.time_s)}", flush=True)
    return opening_m


def _frame(frames: Path, number: int) -> Path:
    return frames / f"{number:04d}.png"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small and noisy")
    parser.add_argument("--threads", type=int, default=2, help="processor threads to render with")
    parser.add_argument("--frames", type=Path, default=ROOT / "out" / "example", help="folder of the frames")
    parser.add_argument("--examples", type=Path, default=ROOT / "examples", help="folder of the results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
