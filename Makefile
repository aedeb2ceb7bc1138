# Every command of the README. `make install` makes .venv; what needs it makes it first.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: install weights demo test test-all check bench format requirements clean

install: $(STAMP)

$(STAMP): pyproject.toml requirements/dev.txt scripts/install
	PYTHON=$(PYTHON) scripts/install $(VENV)
	@touch $(STAMP)

weights: install
	$(BIN)/honmono weights pull

demo: weights
	$(BIN)/honmono demo

check: install
	$(BIN)/ruff format --check src tests bench training
	$(BIN)/ruff check src tests bench training
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 -m "not slow and not service and not weights"

test: weights
	$(BIN)/pytest -n 2 -m "not service"

test-all: weights
	scripts/test-services
	$(BIN)/pytest -n 2

bench: weights
	scripts/bench

format: install
	$(BIN)/ruff format src tests bench training
	$(BIN)/ruff check --fix src tests bench training

requirements:
	scripts/compile-requirements

clean:
	rm -rf $(VENV) build dist site
