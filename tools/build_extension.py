"""Build the extension's zip with Blender's own tool: python tools/build_extension.py --light [-o DIR]

--light is pure Python, and the face model where it has been fetched: the worker then runs in a Python that has
the packages. Equal files give equal bytes.
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
EPOCH = (1980, 1, 1, 0, 0, 0)


def main(arguments: list[str] | None = None) -> int:
    """Build, validate and name the zip; 0, or 1 when Blender's tool refuses."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    builds = parser.add_mutually_exclusive_group(required=True)
    builds.add_argument("--light", action="store_const", const=build_light, dest="build")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", metavar="DIR")
    options = parser.parse_args(arguments)
    try:
        package = options.build(options.output)
        blender_extension("validate", str(package))
    except subprocess.CalledProcessError as error:
        print(error.stdout + error.stderr, file=sys.stderr)
        return 1
    print(f"{package}  {package.stat().st_size:,} bytes")
    return 0


def build_light(output: Path) -> Path:
    """The zip of everything that the manifest does not exclude."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        blender_extension("build", "--source-dir", str(ROOT), "--output-dir", folder)
        (built,) = Path(folder).glob("*.zip")
        return reproducible(built, output / built.name)


def reproducible(source: Path, target: Path) -> Path:
    """The same files as `source`, in order of their names and without the times of this checkout."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in sorted(old.infolist(), key=lambda entry: entry.filename):
            plain = zipfile.ZipInfo(entry.filename, EPOCH)
            plain.compress_type = entry.compress_type
            plain.external_attr = 0o644 << 16
            new.writestr(plain, old.read(entry), compresslevel=9)
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
