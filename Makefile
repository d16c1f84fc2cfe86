# The list of `make help` is made of the comments that begin with two number signs.
PYTHON ?= $(shell for p in python3.11 python3.13 python3; do $$p -c "" 2>/dev/null && command -v $$p && break; done)
VERSION := $(shell "$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
ifeq (,$(wildcard wheels/runtime-$(VERSION).lock))
$(error Mannerism needs Python 3.11 or 3.13, and “$(PYTHON)” is “$(VERSION)”: name one with make PYTHON=/path/to/python3.11)
endif
VENV := $(if $(filter 3.11,$(VERSION)),.venv,.venv-$(VERSION))
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --no-deps
export BLENDER_USER_RESOURCES = $(CURDIR)/$(VENV)/blender

.DEFAULT_GOAL := help
.PHONY: help demo demo-farm farm-kill farm-cluster test test-second test-5.3 test-fast setup lint typecheck window fuzz full-zip score score-pairs score-entry score-obey score-streaming score-toy train train-toy calibrate portrait-score portrait-score-toy looks looks-score lips-score train-face face-score train-expression expression-score gaze-score

help:  ## this list
	@echo "make TARGET [PYTHON=/path/to/python3.13]; without PYTHON, the first of python3.11, python3.13 and python3 that runs"
	@sed -n 's/^\([a-z0-9.-]*\):[^#]*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS="|" read -r name what; do printf "  %-20s %s\n" "$$name" "$$what"; done

demo: setup  ## the main job on the shipped example, into out/
	$(RUN) tools/demo/demo.py

demo-farm: setup  ## fifty lines on two nodes of this machine and a report, into out/farm
	$(RUN) tools/demo/farm.py

# 2,000 lines of 2 to 8 s, beside two warm loops over the same lines. They end with 1 where a byte differs or a line is lost.
LINES ?= 2000
KILLS ?= 20
farm-kill: setup  ## a batch of LINES=2000 that is killed KILLS=20 times, ENGINE="--cluster local" for Ray
	$(RUN) tools/farm/kill.py --lines $(LINES) --kills $(KILLS) $(ENGINE)

farm-cluster: setup  ## a batch of LINES=2000 on two nodes, of which one is killed; needs Ray
	$(RUN) tools/farm/cluster.py --lines $(LINES)

# A file of tests stays in one process, since its fixtures are shared.
TEST = $(RUN) -m pytest -n auto --maxprocesses 8 --dist loadfile
test: setup lint typecheck  ## lint, types and tests
	$(TEST)

# The whole suite, lint and types belong to one Python: its types are checked against the stubs of both Blenders, and what a
# slow test of the pure core finds there, it would find again here.
test-second: setup  ## for a second Python: all tests of bridge and package, and the quick ones of the rest
	$(TEST) tests/bridge tests/package
	$(TEST) -m "not slow" --ignore=tests/bridge --ignore=tests/package

test-fast: setup  ## the quick tests of core and bridge in under a minute, for while you work
	$(TEST) -q -m "not slow" tests/core tests/bridge --ignore=tests/core/training --ignore=tests/core/evaluate

# Blender 5.3 has the Python of 5.2: its environment is that one's lock with another bpy. Apart from `make test`, for its time.
PYTHON_3_13 ?= $(shell for p in python3.13 "$(PYTHON)"; do $$p -c "import sys; sys.exit(sys.version_info[:2] != (3, 13))" 2>/dev/null && command -v $$p && break; done)
test-5.3: .venv-5.3/.done  ## the tests of bridge and package in Blender 5.3; needs PYTHON_3_13=/path/to/python3.13
	BLENDER_USER_RESOURCES=$(CURDIR)/.venv-5.3/blender .venv-5.3/bin/python -m pytest -n auto --maxprocesses 8 --dist loadfile tests/bridge tests/package

.venv-5.3/.done: wheels/runtime-3.13.lock wheels/dev-3.13.lock wheels/bpy-5.3.lock pyproject.toml
	@test -n "$(PYTHON_3_13)" || { echo "Blender 5.3 needs Python 3.13: name it with make $@ PYTHON_3_13=/path/to/python3.13"; exit 2; }
	@$(@D)/bin/python -c "import pip" 2>/dev/null || "$(PYTHON_3_13)" -m venv --clear $(@D)
	awk '/^[a-z]/ { wanted = !/^bpy==/ } wanted' wheels/dev-3.13.lock > $(@D)/dev.lock
	$(subst $(VENV),$(@D),$(PIP)) --require-hashes -r wheels/runtime-3.13.lock -r $(@D)/dev.lock -r wheels/bpy-5.3.lock
	$(subst $(VENV),$(@D),$(PIP)) --no-build-isolation --editable .
	for model in $(MODELS); do test -e $$model || $(@D)/bin/python tools/build/fetch_models.py $$model || exit; done
	touch $@

lint: setup  ## ruff alone
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

# Blender's type stubs of both versions share one package name, and are found only among installed packages:
# so each lives in an environment of its own, which sees ours behind it. The folder `named` shows the checker
# the repository under the package's name, whatever the clone is called.
typecheck: typecheck-4.5 typecheck-5.2  ## mypy alone, against the stubs of both Blenders
typecheck-%: setup $(VENV)/stubs-%/.done
	MYPYPATH=$(VENV)/named $(RUN) -m mypy --python-executable $(VENV)/stubs-$*/bin/python -p mannerism --cache-dir $(VENV)/mypy-$*

# Inputs that fail are kept in out/fuzz; the numbers of mutations are the same on every machine.
SECONDS ?= 3600
fuzz: setup  ## mutated files of every kind that users give, for SECONDS=3600 or 20,000 mutations of each
	$(RUN) tools/fuzz/fuzz.py --seconds $(SECONDS)

# A real Blender with a window, in the root folder CHROOT: clicks counted, a shot made by mouse and keyboard, both themes, ESC during
# a job, and the pictures of the docs.
window: setup  ## a Blender with a window in the root folder CHROOT=DIR, worked by mouse and keyboard, and the pictures of the docs
	sh tests/window/window.sh "$(CHROOT)" clicks out/clicks
	sh tests/window/window.sh "$(CHROOT)" journey docs/images
	sh tests/window/window.sh "$(CHROOT)" themes out/themes
	sh tests/window/window.sh "$(CHROOT)" escape out/escape.png
	sh tests/window/window.sh "$(CHROOT)" bake out/bake.png
	sh tests/window/window.sh "$(CHROOT)" layers out/layers.png
	sh tests/window/window.sh "$(CHROOT)" rigify docs/images/rigify.png
	sh tests/window/window.sh "$(CHROOT)" batch docs/images/batch.png
	sh tests/window/window.sh "$(CHROOT)" blend docs/images/blend.png
	sh tests/window/window.sh "$(CHROOT)" portrait docs/images/portrait.png
	sh tests/window/window.sh "$(CHROOT)" coverage out/coverage.png

# Fetches its wheels the first time, and unpacks them: too much for every `make test`.
FULL_ZIP = dist/mannerism-$(shell sed -n 's/^version = "\(.*\)"/\1/p' blender_manifest.toml)-linux-x64-python$(VERSION).zip
full-zip: setup  ## the extension with all of its wheels for Linux and this Python, into dist/, used with no network
	$(RUN) tools/build/build_extension.py --full --platform linux-x64 --python $(VERSION) --output $(dir $(FULL_ZIP))
	MANNERISM_FULL_ZIP=$(FULL_ZIP) $(RUN) -m pytest tests/package/test_full_zip.py

MODELS = core/weights/face_landmarker.task core/weights/selfie_segmentation.tflite
setup: $(VENV)/.done-$(VERSION) $(MODELS)  ## the environment and the models; everything else calls it

$(VENV)/.done-$(VERSION): wheels/runtime-$(VERSION).lock wheels/dev-$(VERSION).lock pyproject.toml
	@echo "Setting up $(VENV) with $(PYTHON)"
	@test ! -L $(VENV) || rm $(VENV)  # a link from when there was no other Python
	@$(RUN) -c "import pip" 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	@$(PIP) --require-hashes $(addprefix -r ,$(filter %.lock,$^))
	@$(PIP) --no-build-isolation --editable .
	@mkdir -p $(VENV)/named && ln -sfn ../.. $(VENV)/named/mannerism
	@test -e .venv || ln -s $(VENV) .venv
	@touch $@

.PRECIOUS: $(VENV)/stubs-%/.done
$(VENV)/stubs-%/.done: wheels/stubs-%.lock | $(VENV)/.done-$(VERSION)
	$(RUN) -m venv --clear --without-pip $(@D)
	$(PIP) --require-hashes --target $(@D)/lib/python$(VERSION)/site-packages -r $<
	echo "$(CURDIR)/$(VENV)/lib/python$(VERSION)/site-packages" > $(@D)/lib/python$(VERSION)/site-packages/ours.pth
	touch $@

$(MODELS): | $(VENV)/.done-$(VERSION)
	$(RUN) tools/build/fetch_models.py $@

# Kept in SCORE: tracks, weights, takes and answers, so that a run that was stopped goes on where it was.
SCORE ?= out/score
score: setup $(VENV)/.done-training  ## the scorecard of docs/scorecard.md from CLIPS=DIR of videos; under two hours on two cores; resumes
	$(RUN) training/data/prepare.py "$(CLIPS)" -o "$(SCORE)/dataset"
	$(RUN) training/evaluation/score.py "$(SCORE)/dataset" -o "$(SCORE)" --page docs/scorecard.md --clear-weights core/weights/manner-clear.safetensors

# The judges of `make score` are kept in SCORE; without them they are trained first, some 20 minutes.
score-pairs: setup  ## what to make for a row of one's own: speech and references of CLIPS=DIR, prepared as DATASET=DIR, into MOTIONS=DIR
	$(RUN) training/data/pairs.py "$(DATASET)" "$(CLIPS)" -o "$(MOTIONS)"

score-entry: setup $(VENV)/.done-training  ## a row of the scorecard for MOTIONS=DIR, as `make score-pairs` laid it out, judged on DATASET=DIR
	$(RUN) training/evaluation/entry.py "$(DATASET)" "$(MOTIONS)/pairs.jsonl" -o "$(SCORE)"

# Obey alone, on what `make score` has prepared; some minutes for ten persons.
score-obey: setup  ## how well takes obey, from DATASET=DIR, a prepared dataset; into SCORE
	mkdir -p "$(SCORE)"
	$(RUN) training/evaluation/obey.py "$(DATASET)" -o "$(SCORE)/obey.md"

# What a short look-ahead costs, from the sound of CLIPS alone; OPTIONS="--persons 12" takes half the time.
score-streaming: setup  ## the table of docs/streaming.md from CLIPS=DIR of videos
	$(RUN) training/evaluation/streaming.py "$(CLIPS)" -o "$(SCORE)/streaming" $(OPTIONS)

# The same on persons who do not exist, with hardly any training: shows in two minutes that it runs.
score-toy: setup $(VENV)/.done-training  ## the same on synthetic persons, in two minutes
	$(RUN) training/data/toy.py -o out/toy/dataset
	$(RUN) training/evaluation/score.py out/toy/dataset -o out/toy --toy

# The table of docs/talking_head.md, from a folder of videos; each person's figures stay in PORTRAIT_SCORE, and it resumes.
PORTRAIT_SCORE ?= out/portrait-score
portrait-score: setup $(VENV)/.done-training  ## the table of docs/talking_head.md from CLIPS=DIR; resumes
	$(RUN) training/portrait/score.py "$(CLIPS)" -o "$(PORTRAIT_SCORE)" --page docs/talking_head.md $(OPTIONS)

# A lip reader of somebody else's: READER is fae/resources of `pip download --no-deps --no-binary :all: fae==0.2`, unpacked.
LIPS ?= out/lips
lips-score: setup $(VENV)/.done-training  ## do films of CLIPS=DIR say what the truth says, by the lip reader in READER=DIR; resumes
	$(RUN) training/portrait/lip_reading.py "$(CLIPS)" --reader "$(READER)" --work "$(LIPS)" $(OPTIONS)

# Pictures of people, real and made, in LOOKS, to be judged real or made: look, fill in guesses.csv there, then make looks-score.
LOOKS ?= out/looks
looks: setup $(VENV)/.done-training  ## shuffled real and made pictures from CLIPS=DIR with a sealed key, into LOOKS
	$(RUN) training/portrait/looks.py make "$(CLIPS)" -o "$(LOOKS)" $(OPTIONS)

looks-score: setup $(VENV)/.done-training  ## open the key in LOOKS and score the guesses
	$(RUN) training/portrait/looks.py score "$(LOOKS)"

# The same on the example, whose refiner hardly learns: shows in a minute that it runs.
portrait-score-toy: setup $(VENV)/.done-training  ## the same on the example, in a minute
	$(RUN) training/portrait/score.py examples -o out/toy/portrait-score --toy

# The mouth from speech anew, and how good it is on persons of the test part. Landmarks are measured once, in hours.
FACE ?= out/face
DATASET ?= $(SCORE)/dataset
train-face: setup $(VENV)/.done-training  ## the weights of the face from speech from CLIPS=DIR; resumes
	$(RUN) training/data/prepare.py "$(CLIPS)" -o "$(DATASET)"
	$(RUN) training/face/train.py "$(CLIPS)" "$(DATASET)" --work "$(FACE)" $(OPTIONS)

face-score: setup $(VENV)/.done-training  ## the table of docs/face.md from CLIPS=DIR; resumes
	$(RUN) training/data/prepare.py "$(CLIPS)" -o "$(DATASET)"
	$(RUN) training/face/score.py "$(CLIPS)" "$(DATASET)" --work "$(FACE)" --page docs/face.md

train-expression: setup $(VENV)/.done-training  ## what brows, cheeks and lids of people do, from CLIPS=DIR; resumes
	$(RUN) training/data/prepare.py "$(CLIPS)" -o "$(DATASET)"
	$(RUN) training/face/expression.py "$(CLIPS)" "$(DATASET)" --work "$(FACE)"

expression-score: setup $(VENV)/.done-training  ## the table of brows, cheeks and lids in docs/face.md; resumes
	$(RUN) training/data/prepare.py "$(CLIPS)" -o "$(DATASET)"
	$(RUN) training/face/expression_score.py "$(CLIPS)" "$(DATASET)" --work "$(FACE)" --page docs/face.md

# Landmarks of the first 15 s of each clip are measured once, in FACE/gaze.
gaze-score: setup $(VENV)/.done-training  ## the table of eyes in docs/gaze.md from CLIPS=DIR; resumes
	$(RUN) training/data/prepare.py "$(CLIPS)" -o "$(DATASET)"
	$(RUN) training/face/gaze_score.py "$(CLIPS)" "$(DATASET)" --work "$(FACE)" --page docs/gaze.md

# The learned manner anew, from what training/data/prepare.py wrote; it resumes. The others of the repository:
# OPTIONS="--licence clear -o core/weights/manner-clear.safetensors --work out/manner-clear"
train: setup $(VENV)/.done-training  ## the weights of the learned engine from DATASET=DIR, a prepared dataset; resumes
	$(RUN) training/manner/train.py "$(DATASET)" -o core/weights/manner.safetensors $(OPTIONS)

# What those weights miss of styles, measured and noted in their file; after each training.
calibrate: setup  ## the corrections of the learned engine from DATASET=DIR, noted in its weights
	$(RUN) training/manner/calibrate.py "$(DATASET)"

# The same on persons who do not exist, in seconds.
train-toy: setup $(VENV)/.done-training  ## the same on synthetic persons, in seconds
	$(RUN) training/data/toy.py -o out/toy/dataset
	$(RUN) training/manner/train.py out/toy/dataset -o out/toy/manner.safetensors --work out/toy/manner --toy

# Torch is for training and judging alone, and pinned for Python 3.11 alone.
$(VENV)/.done-training: wheels/training-$(VERSION).lock wheels/torch-$(VERSION).lock | $(VENV)/.done-$(VERSION)
	$(PIP) --require-hashes -r $<
	$(PIP) -r wheels/torch-$(VERSION).lock
	touch $@
