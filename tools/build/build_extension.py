"""Build the extension's zip with Blender's own tool.

python tools/build/build_extension.py --light [-o DIR] [--weights FILE]
python tools/build/build_extension.py --full --platform linux-x64 --python 3.11 [-o DIR] [--weights FILE] [--wheel-dir DIR]

--light is pure Python, and the face and person models where they have been fetched: the worker then runs in a Python that has
the packages. --full holds these packages as wheels, for one platform and one Python. Equal files give equal bytes.

--weights puts other weights of the learned engine, and the card beside them, in the place of those that ship:
core/weights/manner-clear.safetensors for those that were trained on clips of clear licence alone.
"""

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from mannerism.core.errors import MannerismError, MissingPartError
from mannerism.tools.build.wheels import BLENDER_NUMPY, PLATFORMS, Target, collect, third_party

ROOT = Path(__file__).parents[2]
MANIFEST = "blender_manifest.toml"
MODELS = ("core/weights/face_landmarker.task", "core/weights/selfie_segmentation.tflite")
WEIGHTS = "core/weights/manner.safetensors"
CARD = ".md"
"""Suffix of the model card, which lies beside weights under the same name."""

EPOCH = (1980, 1, 1, 0, 0, 0)


def main(arguments: list[str] | None = None) -> int:
    """Build, validate and name the zip; 0, 1 when Blender's tool refuses, or 2 when a part is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    builds = parser.add_mutually_exclusive_group(required=True)
    builds.add_argument("--light", action="store_true")
    builds.add_argument("--full", action="store_true")
    parser.add_argument("--platform", choices=PLATFORMS)
    parser.add_argument("--python", choices=BLENDER_NUMPY)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", metavar="DIR")
    parser.add_argument("--weights", type=Path, metavar="FILE", help=f"in the place of {WEIGHTS}")
    parser.add_argument("--wheel-dir", type=Path, default=ROOT / "build" / "wheels", metavar="DIR")
    options = parser.parse_args(arguments)
    if options.full and not (options.platform and options.python):
        parser.error("--full needs --platform and --python")
    try:
        if options.full:
            target = Target(options.platform, options.python)
            package = build_full(options.output, target, options.wheel_dir, options.weights)
        else:
            package = build_light(options.output, options.weights)
        blender_extension("validate", str(package))
    except subprocess.CalledProcessError as error:
        print(error.stdout + error.stderr, file=sys.stderr)
        return 1
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{package}  {package.stat().st_size:,} bytes")
    return 0


def build_light(output: Path, weights: Path | None = None) -> Path:
    """The zip of everything that the manifest does not exclude, with its weights or others.

    Raises
    ------
    MissingPartError : the other weights or their card are not there
    """
    return pack(ROOT, output / f"{name()}.zip", {} if weights is None else in_the_place_of_ours(weights))


def in_the_place_of_ours(weights: Path) -> Mapping[str, Path]:
    """What lies where in the zip, of weights and their card. Raises MissingPartError where one is not there."""
    files = {WEIGHTS: weights, str(PurePosixPath(WEIGHTS).with_suffix(CARD)): weights.with_suffix(CARD)}
    for file in files.values():
        if not file.is_file():
            raise MissingPartError(f"There is no “{file}”", "Name weights that have their card beside them")
    return files


def build_full(output: Path, target: Target, wheel_dir: Path, weights: Path | None = None) -> Path:
    """The light one and every wheel that its worker needs on `target`.

    Raises
    ------
    MissingPartError : no face or person model, a wheel that cannot be had, or as `build_light`
    """
    for model in MODELS:
        if not (ROOT / model).exists():
            raise MissingPartError(
                f"“{model}” has not been fetched", f"Run tools/build/fetch_models.py {model}"
            )
    wheel_dir.mkdir(parents=True, exist_ok=True)
    wheels = collect(target, wheel_dir)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        with zipfile.ZipFile(build_light(Path(folder), weights)) as light:
            light.extractall(source)
        (source / "wheels").mkdir()
        for wheel in wheels:
            shutil.copy(wheel, source / "wheels")
        (source / "THIRD_PARTY.md").write_text(third_party(wheels), encoding="utf-8")
        manifest = source / MANIFEST
        manifest.write_text(
            with_wheels(manifest.read_text(encoding="utf-8"), target, wheels), encoding="utf-8"
        )
        return pack(source, output / f"{name()}-{target}.zip", {})


def name() -> str:
    """What every zip's name begins with."""
    manifest = tomllib.loads((ROOT / MANIFEST).read_text(encoding="utf-8"))
    return f"{manifest['id']}-{manifest['version']}"


def with_wheels(manifest: str, target: Target, wheels: list[Path]) -> str:
    """A manifest that also names the platform and the wheels."""
    top, table, rest = manifest.partition("\n[permissions]")
    listing = "".join(f'  "./wheels/{wheel.name}",\n' for wheel in wheels)
    return f'{top}platforms = ["{target.platform}"]\nwheels = [\n{listing}]\n{table}{rest}'


def pack(source: Path, package: Path, instead: Mapping[str, Path]) -> Path:
    """Have Blender's tool pack a folder, and make the result depend on the files alone; see `reproducible`."""
    package.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder, package.name)
        blender_extension("build", "--source-dir", str(source), "--output-filepath", str(built))
        return reproducible(built, package, instead)


def reproducible(source: Path, target: Path, instead: Mapping[str, Path]) -> Path:
    """The same files as `source`, in order of their names and without the times of this checkout.

    instead : other files under their names in the zip, there or not
    """
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        compression = {entry.filename: entry.compress_type for entry in old.infolist()}
        for filename in sorted({*compression, *instead}):
            plain = zipfile.ZipInfo(filename, EPOCH)
            plain.compress_type = compression.get(filename, zipfile.ZIP_DEFLATED)
            plain.external_attr = 0o644 << 16
            content = instead[filename].read_bytes() if filename in instead else old.read(filename)
            new.writestr(plain, content, compresslevel=9)
    return target


def blender_extension(*arguments: str) -> None:
    """Run Blender's extension tool, which lies in the bpy wheel and needs no Blender to run.

    Raises
    ------
    subprocess.CalledProcessError : it refused, its words in `stdout` and `stderr`
    """
    # Found, not imported: importing bpy starts a Blender.
    spec = importlib.util.find_spec("bpy")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("Blender's extension tool is missing. Install it with “pip install bpy”.")
    (tool,) = Path(spec.submodule_search_locations[0]).glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py")
    command = [sys.executable, str(tool), *arguments]
    subprocess.run(command, check=True, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main())
