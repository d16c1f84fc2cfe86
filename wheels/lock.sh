#!/bin/sh
# Writes the locks anew, with a hash for each file: sh wheels/lock.sh. Needs `uv` on the PATH. Versions stay as
# they are locked, unless it is called with --upgrade. The locks are complete and are installed with --no-deps, so
# a package that is declared by another but never imported can be left out: mediapipe 0.10.30 runs on numpy alone,
# and librosa's mel and onset never touch scikit-learn.
# Torch is pinned by hand and without a hash, in torch-3.11.lock, for its builds differ by machine; the CPU build
# needs none of what its metadata names for other builds.
set -eu
cd "$(dirname "$0")"
unused="--no-emit-package absl-py --no-emit-package sounddevice --no-emit-package scikit-learn
        --no-emit-package threadpoolctl"
development="--no-emit-package flatbuffers --no-emit-package cffi --no-emit-package pycparser"
compile() { uv pip compile --quiet --universal --no-header --no-annotate --generate-hashes "$@"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for row in 3.11:4.5.15 3.13:5.2.3; do
  python=${row%%:*} bpy=${row##*:}
  echo "bpy==$bpy" > "$work/bpy.in"
  cat "runtime-$python.lock" "dev-$python.lock" > "$work/all.lock"  # uv keeps to what is there
  compile "$@" $unused --python-version "$python" runtime.in dev.in "$work/bpy.in" -o "$work/all.lock"
  compile $unused $development --python-version "$python" runtime.in -c "$work/all.lock" -o "$work/runtime.lock"
  mv "$work/runtime.lock" "runtime-$python.lock"
  grep -vxFf "runtime-$python.lock" "$work/all.lock" > "dev-$python.lock"
done
echo "bpy==5.3.0" > "$work/bpy.in"  # beside the packages of 3.13, for `make test-5.3`
compile --no-deps --python-version 3.13 "$work/bpy.in" -o bpy-5.3.lock
for blender in 4.5 5.2; do
  echo "fake-bpy-module-$blender==20260730" > "$work/stubs.in"
  compile --no-deps "$work/stubs.in" -o "stubs-$blender.lock"
done
grep -v "^ " training-3.11.lock | tr -d '\\' > "$work/training.in"
compile --no-deps --python-version 3.11 "$work/training.in" -o "training-3.11.lock"
