# On a fresh machine `make run` and `make test` install everything that they need. See README.md.
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= localhost
# `make run WATCH=auto` loads changed modules again. For each visitor it watches all folders, those in .venv included, for half a second.
WATCH ?= none
BIN := .venv/bin

# Keep compiled modules: servers and tests start several times, and each start would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

# pip installs uv. That of $(PYTHON), if it has one, saves installing another into .venv.
OWN_PIP = $(shell $(PYTHON) -m pip --version 2>/dev/null)
PIP_INSTALL = $(if $(OWN_PIP),$(PYTHON) -m pip --python $(BIN)/python,$(BIN)/python -m pip) --disable-pip-version-check install --quiet --require-hashes

# Install pinned requirements and check their hashes: with uv, which is several times as fast, or with pip if uv fails.
define install
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || $(PIP_INSTALL) -r $(1)
endef

.PHONY: run setup test test-fast test-nightly coverage-report mutants fuzz storm sbom audit test-setup check format docs wheel train second-app seeds distil evaluate tune bench screenshots samples fonts messages image base-digest image-test image-test-full lock clean

run: setup
	$(BIN)/python -m app --server.port $(PORT) --server.address $(ADDRESS) --server.fileWatcherType $(WATCH)

setup: .venv/.installed

$(BIN)/python:
	$(PYTHON) -m venv $(if $(OWN_PIP),--without-pip) .venv

$(BIN)/uv: requirements-uv.txt | $(BIN)/python
	-$(PIP_INSTALL) -r requirements-uv.txt

.venv/.installed: requirements.txt $(BIN)/uv
	$(call install,requirements.txt)
	touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	$(call install,requirements-dev.txt)
	touch $@

test-setup: .venv/.installed-dev
	$(BIN)/python -m testing.browser.chromium
	$(BIN)/python -m testing.browser.turn
	$(BIN)/python -m testing.deploy.nginx

# glibc keeps the memory that the tests free, instead of returning it and mapping new pages, which virtual machines do slowly.
KEEP_MEMORY := MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=268435456 MALLOC_TOP_PAD_=67108864

# Check lint, format and types, run every test but the nightly ones, and compare the coverage of the core with its floors. Two jobs run at a
# time, each with its own output.
test: test-setup
	rm -f .coverage .coverage.*
	$(JOBS) check $(TEST_PARTS:%=test-%)
	$(MAKE) --no-print-directory coverage-report

JOBS := $(MAKE) --no-print-directory --jobs=2 --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

# Each part of the tests is run by one process, which imports only what that part needs; the longest first. `make test-model` runs one.
TEST_PARTS := browser core model stages deploy api app video batch
TESTS_app := tests/app tests/pages
TESTS_browser := tests/browser
TESTS_deploy := tests/deploy tests/image
TESTS_video := tests/digitcore/video
TESTS_api := tests/digitcore/api
TESTS_model := tests/model
TESTS_batch := tests/digitcore/batch
TESTS_stages := tests/digitcore/preprocessing tests/digitcore/layout tests/digitcore/recognition
TESTS_core := tests $(foreach part,$(filter-out core,$(TEST_PARTS)),$(TESTS_$(part):%=--ignore=%))

PYTEST := $(KEEP_MEMORY) $(BIN)/python -m pytest
PYTEST_WITH_COVERAGE := $(KEEP_MEMORY) $(BIN)/python -m coverage run --parallel-mode -m pytest
# Most of the core's code is run in these parts; the others start it in processes of their own.
PARTS_WITH_COVERAGE := core stages api video batch

.PHONY: $(TEST_PARTS:%=test-%)
$(TEST_PARTS:%=test-%): test-%: test-setup
	$(if $(filter $*,$(PARTS_WITH_COVERAGE)),$(PYTEST_WITH_COVERAGE),$(PYTEST)) $(TESTS_$*)

# Run the tests for use while editing: without browser, servers, cluster and TensorFlow, and without slow ones.
FAST := not (browser or cluster or deploy or image or nightly or slow or tensorflow)
FAST_PARTS := core stages video model api app batch
test-fast: .venv/.installed-dev
	$(JOBS) $(FAST_PARTS:%=fast-%)

.PHONY: $(FAST_PARTS:%=fast-%)
$(FAST_PARTS:%=fast-%): fast-%: .venv/.installed-dev
	$(PYTEST) -m "$(FAST)" $(TESTS_$*)

# Show which lines and branches of the core the last `make test` ran. The percentages are the lowest allowed; raise them when the figures rise.
COVERAGE_FLOORS := digitcore:97.5 digitcore/preprocessing:100 digitcore/layout:100 digitcore/recognition:100
coverage-report: .venv/.installed-dev
	$(BIN)/python -m coverage combine --quiet --keep
	for floor in $(COVERAGE_FLOORS); do \
	  $(BIN)/python -m coverage report --include="$${floor%:*}/*" --fail-under=$${floor#*:} --skip-covered || exit 1; \
	done

# Run the long browser tests, and those that repeat others with more values or more times; they take an hour or more.
test-nightly: test-setup
	$(PYTEST) -m nightly

# Test the fast tests: change the hardest packages in thousands of ways, each of which a test should notice. It takes an hour or two, keeps
# its state in `mutants`, and continues where it was interrupted.
mutants: .venv/.installed-dev
	$(BIN)/python -m mutmut run
	$(BIN)/python -m mutmut results --all true | $(BIN)/python -m testing.mutants

# Send hostile inputs to whatever takes any: pictures, ZIPs, recipes, drawings, strokes, packed drawings, addresses; `make fuzz TIME=3600` for longer.
# On Linux. It keeps what it learns in `.fuzz`, and continues there.
TIME ?= 600
fuzz: .venv/.installed-dev
	$(call install,requirements-fuzz.txt)
	$(BIN)/python -m testing.fuzz --seconds $(TIME)

# List the packages that the image and other installations without TensorFlow get, those for other platforms and versions of Python included,
# with versions and hashes, in CycloneDX's format. Look for known vulnerabilities in all requirements; packages that can't be audited fail it.
SBOM ?= sbom.cdx.json
sbom: .venv/.installed-audit
	$(BIN)/cyclonedx-py requirements --validate --output-reproducible --of JSON --output-file $(SBOM) requirements-serve.txt

audit: .venv/.installed-audit
	$(BIN)/python -m testing.audit

.venv/.installed-audit: .venv/.installed-dev requirements-audit.txt
	$(call install,requirements-audit.txt)
	touch $@

# Flood a server that has the memory of a replica: with worst files, half requests, and workers that are killed. As root on Linux.
storm: test-setup
	$(BIN)/python -m benchmarks --check storm

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/mkdocs build --strict --quiet --site-dir .site

# Build the documentation as web pages in .site; `make docs-serve` serves it and reloads on changes.
docs: .venv/.installed-dev
	$(BIN)/mkdocs build --strict --site-dir .site

docs-serve: .venv/.installed-dev
	$(BIN)/mkdocs serve

# Build the installable package, `dist/*.whl`: the core with its network, without the pages.
wheel: .venv/.installed-dev
	$(BIN)/python -m build --wheel --outdir dist

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Train from scratch, on all cores; write model/digits.keras, and the served files into digitcore/recognition/network.
TEACHERS = $(wildcard model/teachers/*.keras)
train: setup
	$(BIN)/python -m model.train --teachers $(TEACHERS)

# Make an app in a new folder that reads letters and shapes, or other CLASSES: a copy of this checkout with a network that is trained for it.
CLASSES ?= ABCDEFGHIJ△□☆
second-app: setup
	$(BIN)/python -m model.second_app "$(FOLDER)" --classes "$(CLASSES)"

# Train the networks of model/seeds, which differ only in the seed; the served one is continued from such a network.
SEEDS_FOLDER := .seeds
seeds: setup
	mkdir -p model/seeds
	for seed in 1 2 3; do \
	  $(BIN)/python -m model.train --seed $$seed --teachers $(TEACHERS) --folder $(SEEDS_FOLDER)/$$seed || exit 1; \
	  cp $(SEEDS_FOLDER)/$$seed/digits.keras model/seeds/$$seed.keras; \
	done

# Continue the training of model/digits.keras in seven rounds. After the fourth and the sixth, average the weights of the last three, and at
# the end that of the last average, twice, and the last round.
ROUNDS_FOLDER := .rounds
ROUND_NETWORK = $(ROUNDS_FOLDER)/$(1)/digits.keras
# $(call TRAIN_ROUND,number and seed,epochs,peak learning rate,network to start from)
TRAIN_ROUND = $(BIN)/python -m model.train --seed $(1) --epochs $(2) --peak-learning-rate $(3) --start $(4) --teachers $(TEACHERS) --folder $(ROUNDS_FOLDER)/$(1)
distil: setup
	$(call TRAIN_ROUND,4,10,0.0012,model/digits.keras)
	$(call TRAIN_ROUND,5,18,0.002,$(call ROUND_NETWORK,4))
	$(call TRAIN_ROUND,6,11,0.0015,$(call ROUND_NETWORK,5))
	$(call TRAIN_ROUND,7,6,0.0008,$(call ROUND_NETWORK,6))
	$(BIN)/python -m model.average $(foreach round,5 6 7,$(call ROUND_NETWORK,$(round))) --folder $(ROUNDS_FOLDER)/mean
	$(call TRAIN_ROUND,8,10,0.0015,$(call ROUND_NETWORK,mean))
	$(call TRAIN_ROUND,9,6,0.0008,$(call ROUND_NETWORK,8))
	$(BIN)/python -m model.average $(foreach round,mean 8 9,$(call ROUND_NETWORK,$(round))) --folder $(ROUNDS_FOLDER)/second-mean
	$(call TRAIN_ROUND,11,8,0.0012,$(call ROUND_NETWORK,second-mean))
	$(BIN)/python -m model.average $(foreach round,second-mean second-mean 11,$(call ROUND_NETWORK,$(round)))

# Measure on the test set and complete digitcore/recognition/network/card.json.
evaluate: .venv/.installed-dev
	$(BIN)/python -m model.evaluate

# Measure every stage of the pipeline and the influence of each of its numbers, or with `make tune ONLY=sheet` of those whose name contains
# that; write docs/sensitivity.md. It takes an hour or two, keeps its state in .tuning, and continues where it was interrupted. Pictures of
# real handwriting are measured where DIGITS_DEV_DATA names a folder with them (tuning/development_sets.py).
tune: .venv/.installed-dev
	$(BIN)/python -m tuning stages
	$(BIN)/python -m tuning sensitivity --only "$(ONLY)"
	$(BIN)/python -m tuning report docs/sensitivity.md

bench: test-setup
	$(BIN)/python -m benchmarks

# Build the container image with the first available engine; `make image TARGET=full IMAGE=digit-reader:full` includes TensorFlow.
IMAGE ?= digit-reader
TARGET ?= serve
ENGINES := docker podman buildah
image:
	for engine in $(ENGINES); do \
	  if $$engine info >/dev/null 2>&1; then \
	    BUILDAH_FORMAT=docker exec $$engine build --target $(TARGET) $(if $(BASE),--build-arg BASE=$(BASE)) --tag $(IMAGE) .; \
	  fi; \
	done; \
	echo "Building the image needs one of: $(ENGINES)." >&2; exit 1

# Print the digests that are pinned, of the base and of the images in `deploy`, each with that which its registry has today.
PINNED_IMAGES = $(shell sed -nE 's/^ARG BASE=(.*@sha256:.*)/\1/p' Dockerfile; sed -nE 's/^ *image: (.*@sha256:.*)/\1/p' deploy/compose.yaml deploy/kubernetes/*.yaml)
base-digest:
	@for image in $(sort $(PINNED_IMAGES)); do \
	  name=$${image%@*}; \
	  today=$$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' $$name || skopeo inspect --format '{{.Digest}}' docker://$$name) || exit 1; \
	  printf '%s\n  pinned %s\n  today  %s\n' "$$name" "$${image#*@}" "$$today"; \
	done

# Build the image and run it, as root on Debian or Ubuntu, without an engine; on a substitute for Debian's image unless BASE names another.
image-test: test-setup
	$(BIN)/python -m testing.image.buildah
	$(if $(BASE),BASE=$(BASE)) $(BIN)/python -m pytest tests/image/test_image.py -m image

# The same for the target `full`, which takes five minutes and temporarily 20 GB of disk.
image-test-full: test-setup
	$(BIN)/python -m testing.image.buildah
	$(if $(BASE),BASE=$(BASE)) $(BIN)/python -m pytest tests/image/test_full.py -m image

screenshots: test-setup
	$(BIN)/python -m benchmarks.screenshots

samples: setup
	$(BIN)/python -m synthetic.samples

# Draw the characters of the fonts that synthetic/fonts/package-lock.json pins into model/fonts.npz, byte for byte the same. It needs npm.
fonts: setup
	$(BIN)/python -m synthetic.fonts

# Update the catalogues from the code and compile them. Afterwards translate new texts in locale/*/LC_MESSAGES/digits.po.
messages: setup
	$(BIN)/pybabel --quiet extract -k Message -k plural:1,2 -k N_ --add-location=file --no-wrap --sort-by-file -o locale/digits.pot digitcore app pages
	$(BIN)/pybabel --quiet update --ignore-obsolete --no-fuzzy-matching --no-wrap -i locale/digits.pot -d locale -D digits
	for catalogue in locale/*/LC_MESSAGES; do \
	  mkdir -p digitcore/$$catalogue; \
	  $(BIN)/pybabel --quiet compile -i $$catalogue/digits.po -o digitcore/$$catalogue/digits.mo || exit 1; \
	done

# Pin all dependencies again from pyproject.toml: for everything, for a server without TensorFlow, and for development.
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --quiet
lock: .venv/.installed-dev
	echo "atheris==3.0.0" | $(COMPILE) - -o requirements-fuzz.txt
	echo "uv==$$($(BIN)/uv --version | cut -d' ' -f2)" | $(COMPILE) - -o requirements-uv.txt
	$(COMPILE) pyproject.toml --extra all --group train -o requirements.txt
	$(COMPILE) pyproject.toml --extra all -c requirements.txt -o requirements-serve.txt
	$(COMPILE) pyproject.toml --extra all --group train --group docs --group dev -c requirements.txt -c requirements-uv.txt -o requirements-dev.txt
	printf 'cyclonedx-bom==7.5.0\npip-audit==2.10.1\n' | $(COMPILE) - -c requirements-dev.txt -o requirements-audit.txt

clean:
	rm -rf .venv .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .site build dist mutants
