# What a newcomer types: `make run` or `make test`. Both install whatever is missing, and only that.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000

INSTALLED := $(VENV)/.installed
BROWSER := $(VENV)/.browser
PAGE := frontend/build/index.html
PAGE_SOURCES := $(shell find frontend/src frontend/static frontend/scripts -type f 2>/dev/null) \
	$(wildcard frontend/*.json frontend/*.js frontend/*.ts)

.PHONY: run test check unit bench page lock golden wheel clean help

help:
	@echo "make run    install what is missing and serve the page at http://$(HOST):$(PORT)"
	@echo "make test   install what is missing and run every check and every test"
	@echo "make check  linters, types, import contracts"
	@echo "make bench  the benchmarks, side by side with others; prints the table"
	@echo "make lock   make requirements.txt again from pyproject.toml"
	@echo "make wheel  build the wheel with the page in it, into dist/"
	@echo "make golden make the golden customers again, on purpose"

run: $(INSTALLED) $(PAGE)
	$(BIN)/walkin serve --host $(HOST) --port $(PORT)

test: check unit

check: $(INSTALLED) $(PAGE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/npm.py run lint
	$(BIN)/python tools/npm.py run check

unit: $(INSTALLED) $(PAGE) $(BROWSER)
	$(BIN)/python tools/npm.py run test
	$(BIN)/pytest -n auto

page: $(PAGE)

wheel: $(INSTALLED) $(PAGE)
	$(BIN)/python -m hatchling build -t wheel

bench: $(INSTALLED) $(PAGE)
	$(BIN)/python benchmarks/run.py

golden: $(INSTALLED)
	$(BIN)/python -m tests.golden_kit write

lock:
	$(PYTHON) tools/lock.py

$(INSTALLED): requirements.txt pyproject.toml tools/environment.py
	$(PYTHON) tools/environment.py $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(PAGE): $(INSTALLED) $(PAGE_SOURCES)
	$(BIN)/python tools/npm.py ci --no-audit --no-fund
	$(BIN)/python tools/npm.py run wire:check
	$(BIN)/python tools/npm.py run build
	@touch $@

$(BROWSER): $(INSTALLED)
	$(BIN)/python tools/browser.py
	@touch $@

clean:
	rm -rf $(VENV) frontend/node_modules frontend/build frontend/.svelte-kit dist
