# `make run` and `make test` do all the set-up there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check suite others browser catalogues docs bench peers

run: $(VENV)/.run
	$(BIN)/python run_bot.py

test: check suite others

# Format, lint, types and the import rule.
check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

suite: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist loadfile

# The suite without the browser on every other supported interpreter that is here.
others: $(VENV)/.test
	sh tests/others.sh

# Debian's Chromium for the browser tests; needs root.
browser:
	apt-get update -qq && apt-get install -y -qq chromium

# Brings the gettext catalogues in step with the texts.
catalogues: $(VENV)/.test
	$(BIN)/python -m bot.authoring.catalogues

# Writes the generated parts of README and docs: settings, commands, diagram, bit table, criteria.
docs: $(VENV)/.test
	$(BIN)/python -m bot.authoring.docs

# Sets this bot beside a floor and the libraries that `make peers` installed: half an hour, on an idle machine.
# What many trials cost is measured by `python -m tests.bench matching --write`: a few minutes.
bench: $(VENV)/.test
	$(BIN)/python -m tests.bench --write

# Other libraries for the bench, in an environment of their own; needs npm for one of them.
peers:
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --require-hashes -r requirements-bench.txt
	mkdir -p .venv-bench/node
	cp tests/bench/bots/package.json tests/bench/bots/package-lock.json .venv-bench/node/
	npm ci --silent --prefix .venv-bench/node

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
