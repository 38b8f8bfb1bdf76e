# On a fresh machine `make run` and `make test` do all their own set-up. See README.md.
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= localhost
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run setup test test-setup check format train seeds distil evaluate bench screenshots samples messages lock clean

run: setup
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT) --server.address $(ADDRESS)

setup: .venv/.installed

.venv/.installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --quiet -r requirements.txt
	touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	$(PIP) install --quiet -r requirements-dev.txt
	touch $@

test-setup: .venv/.installed-dev
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m tests.browser.turn

# Lint, format, types, then every test.
test: test-setup check
	$(BIN)/python -m pytest

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# From nothing, on all cores: writes model/digits.keras, digits.tflite, explainer.tflite and card.json.
train: setup
	$(BIN)/python -m model.train

# The three networks of model/seeds, which differ in the seed alone.
SEEDS_FOLDER := .seeds
seeds: setup
	mkdir -p model/seeds
	for seed in 1 2 3; do \
	  $(BIN)/python -m model.train --seed $$seed --folder $(SEEDS_FOLDER)/$$seed || exit 1; \
	  cp $(SEEDS_FOLDER)/$$seed/digits.keras model/seeds/$$seed.keras; \
	done

# Goes on from the first seed, with the first two for teachers, and then a little more on the labels alone.
distil: setup
	$(BIN)/python -m model.train --seed 4 --epochs 20 --peak-learning-rate 0.0015 --start model/seeds/1.keras --teachers model/seeds/1.keras model/seeds/2.keras
	$(BIN)/python -m model.train --seed 5 --epochs 8 --peak-learning-rate 0.0006 --start model/digits.keras

# Measures the test set and completes model/card.json.
evaluate: .venv/.installed-dev
	$(BIN)/python -m model.evaluate

bench: test-setup
	$(BIN)/python -m benchmarks

screenshots: test-setup
	$(BIN)/python -m benchmarks.screenshots

samples: setup
	$(BIN)/python -m factory.samples

# Brings the catalogues up to date with the code, and compiles them. New texts then wait in locale/*/LC_MESSAGES/digits.po.
messages: setup
	$(BIN)/pybabel --quiet extract -k Message -k N_ --add-location=file --no-wrap --sort-by-file -o locale/digits.pot digitcore pages
	$(BIN)/pybabel --quiet update --ignore-obsolete --no-fuzzy-matching --no-wrap -i locale/digits.pot -d locale -D digits
	$(BIN)/pybabel --quiet compile -d locale -D digits

# Pins every dependency anew from pyproject.toml.
lock: .venv/.installed-dev
	$(BIN)/uv pip compile --universal --python-version 3.11 --no-emit-index-url --quiet pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --no-emit-index-url --quiet --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
