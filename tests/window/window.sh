#!/bin/sh
# Play a scene in a real Blender with a window, and keep pictures of it:
#   sh tests/window/window.sh CHROOT SCENE OUT.png     a scene of scenes.py, and a picture of its end
#   sh tests/window/window.sh CHROOT STORY FOLDER      a module of this folder that works by mouse and keyboard, and its pictures
# CHROOT is a root folder with Blender, a virtual display, xdotool and ImageMagick. BLENDER_WINDOW names the program that starts it
# there, called with CHROOT, the zip, the script that plays the scene, the picture and the window's size; LIMIT is how many seconds
# that may take, and BIND names folders of this machine that must be seen inside, at the same place. Needs root and .venv.
set -eu
chroot=${1:?usage: window.sh CHROOT SCENE OUT}
scene=${2:?which scene}
out=${3:?where to write pictures}
root=$(CDPATH= cd -- "$(dirname "$0")/../.." && pwd)
driver=${BLENDER_WINDOW:-}
[ -x "$driver" ] || { echo "skipped: BLENDER_WINDOW names no program that opens Blender's window"; exit 0; }

play=scenes pictures=$(dirname "$out")
[ ! -e "$root/tests/window/$scene.py" ] || { play=$scene pictures=$out; }
mkdir -p "$pictures" "$root/out/window"
pictures=$(CDPATH= cd -- "$pictures" && pwd)
folder=$(mktemp -d "$root/out/window/XXXXXX")  # seen inside, since it lies in the root folder
trap 'rm -rf "$folder"' EXIT
"$root/.venv/bin/python" "$root/tools/build/build_extension.py" --light -o "$folder"
cat > "$folder/play.py" <<PY
import sys
sys.path.insert(0, "$root/tests")
from window.$play import steps
PY
# The worker runs in this checkout's environment, so that and its Python must be seen inside, at the same place.
python=$("$root/.venv/bin/python" -c 'import sys; print(sys.base_prefix)')
BIND="$root $python" LIMIT=${LIMIT:-1800} MANNERISM_ROOT=$root MANNERISM_SCENE=$scene MANNERISM_LOG=$folder/log MANNERISM_OUT=$folder \
  "$driver" "$chroot" "$folder"/*.zip "$folder/play.py" "$folder/$(basename "$out" .png).png" 1600x1150 > "$folder/blender" 2>&1 || true
cat "$folder/blender" "$folder/log"
# Whoever works by hand says when that is done; a scene ends with its picture.
well=yes
! grep -qE "Traceback|FAILED" "$folder/blender" "$folder/log" || well=no
[ "$play" = scenes ] || grep -q "ok: the end is reached" "$folder/log" || well=no
[ "$play" != scenes ] || [ -e "$folder/$(basename "$out")" ] || well=no
[ $well = yes ] || pictures=$root/out/window  # what has failed is no picture of a page
# Six bits a channel look the same, and need two thirds of the bytes.
"$root/.venv/bin/python" -c 'import sys; from pathlib import Path; from PIL import Image
for path in Path(sys.argv[1]).glob("*.png"):
    Image.open(path).convert("RGB").point(lambda value: value & ~3).save(Path(sys.argv[2]) / path.name, optimize=True)
    print("picture:", Path(sys.argv[2]) / path.name)' "$folder" "$pictures"
[ $well = yes ]
