#!/bin/sh
# Play a scene of scenes.py in a real Blender with a window, and keep a picture of its end:
#   sh tests/window/window.sh CHROOT SCENE OUT.png
# CHROOT is a root folder with Blender, a virtual display and xdotool. BLENDER_WINDOW names the program that starts it
# there, called with CHROOT, the zip, the script that plays the scene, the picture and the window's size. Needs root and .venv.
set -eu
chroot=${1:?usage: window.sh CHROOT SCENE OUT.png}
scene=${2:?which scene}
out=${3:?where to write the picture}
root=$(CDPATH= cd -- "$(dirname "$0")/../.." && pwd)
driver=${BLENDER_WINDOW:-}
[ -x "$driver" ] || { echo "skipped: BLENDER_WINDOW names no program that opens Blender's window"; exit 0; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$root/.venv/bin/python" "$root/tools/build/build_extension.py" --light -o "$folder"
# The worker runs in this checkout's environment, so that and its Python must be seen inside, at the same place.
python=$("$root/.venv/bin/python" -c 'import sys; print(sys.base_prefix)')
mkdir -p "$(dirname "$out")"
BIND="$root $python" MANNERISM_ROOT=$root MANNERISM_SCENE=$scene \
  "$driver" "$chroot" "$folder"/*.zip "$root/tests/window/scenes.py" "$out" 1600x1150 | tee "$folder/log"
# Six bits a channel look the same, and need two thirds of the bytes.
"$root/.venv/bin/python" -c 'import sys; from PIL import Image; path = sys.argv[1]
Image.open(path).convert("RGB").point(lambda value: value & ~3).save(path, optimize=True)' "$out"
! grep -qE "Traceback|FAILED" "$folder/log"
