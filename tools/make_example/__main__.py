"""Make the example that ships with the product: a synthetic speaker, with ground truth.

    python tools/make_example            everything, into examples/; about five seconds of a core a frame
    python tools/make_example --quick --examples out/quick --frames out/quick    small and noisy

Frames are kept in out/example and made only where missing, so a stopped run goes on where it was;
delete the folder after a change of figure, motion or words.
"""

import argparse
from pathlib import Path

from mannerism.tools.make_example import film, ground_truth, script, studio
from mannerism.tools.make_example.mouth import shape_face
from mannerism.tools.make_example.movement import move
from mannerism.tools.make_example.render import Take
from mannerism.tools.make_example.voice import speak, write_wav

ROOT = Path(__file__).resolve().parents[2]
MOTION_SEED = 10
HAIR_SEED = 7
STRIP = (23, 120, 250)


def main() -> None:
    """Speak, move, render, and write all files."""
    options = _options()
    examples: Path = options.examples
    examples.mkdir(parents=True, exist_ok=True)
    # Praat's synthesiser carries its state from line to line: the order of the lines is part of the recipe.
    for line in script.LINES:
        write_wav(examples / f"{line.name}.wav", speak(line))
    speech = speak(script.REFERENCE)
    motion = move(speech, MOTION_SEED)
    face = shape_face(motion.time_s, speech, MOTION_SEED)

    quality = studio.QUICK if options.quick else studio.FILM
    take = Take(motion, face, quality, hair_seed=HAIR_SEED, threads=options.threads)
    ground_truth.write_head(examples / "reference.ground_truth.csv", motion)
    ground_truth.write_face(examples / "reference.face.csv", motion.time_s, take.openings(), face.blink)
    ground_truth.write_phonemes(examples / "reference.phonemes.csv", speech)
    frames = take.render(options.frames, range(len(motion.time_s)))
    film.write_film(examples / "reference.mp4", frames, speech)
    if not options.quick:
        stills = Take(motion, face, studio.STILL, hair_seed=HAIR_SEED, threads=options.threads)
        film.write_strip(examples / "still.jpg", stills.render(options.frames / "still", STRIP))


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
