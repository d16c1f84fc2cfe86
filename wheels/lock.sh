#!/bin/sh
# Writes the four lock files anew: sh wheels/lock.sh. Needs `uv` on the PATH. What is for training alone is pinned
# by hand, in training-3.11.lock: the CPU build of torch needs none of what its metadata names for other builds.
# The locks are complete and are installed with --no-deps, so a package that is declared by another
# but never imported can be left out: mediapipe 0.10.30 runs on numpy alone, and librosa's mel, onset
# and resampling paths never touch scikit-learn.
set -eu
cd "$(dirname "$0")"
unused="--no-emit-package absl-py --no-emit-package sounddevice --no-emit-package scikit-learn
        --no-emit-package threadpoolctl"
for row in 3.11:4.5.15 3.13:5.2.3; do
  python=${row%%:*} bpy=${row##*:}
  compile() { uv pip compile --quiet --universal --no-header --no-annotate --python-version "$python" "$@"; }
  all=$(mktemp) && echo "bpy==$bpy" > "$all"
  compile $unused runtime.in dev.in "$all" -o "$all.lock"
  compile $unused --no-emit-package flatbuffers runtime.in -c "$all.lock" -o "runtime-$python.lock"
  grep -vxFf "runtime-$python.lock" "$all.lock" > "dev-$python.lock"
  rm -f "$all" "$all.lock"
done
