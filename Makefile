# Every command of the README. `make install` makes .venv; what needs it makes it first.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTHON_CODE := src tests bench training scripts/documentation scripts/tables scripts/comparison

.PHONY: install weights demo test test-all check bench format pages requirements clean

install: $(STAMP)

$(STAMP): pyproject.toml requirements/dev.txt scripts/install
	PYTHON=$(PYTHON) scripts/install $(VENV)
	@touch $(STAMP)

weights: install
	scripts/system-packages
	$(BIN)/honmono weights pull

demo: install
	$(BIN)/honmono demo

check: install
	$(BIN)/ruff format --check $(PYTHON_CODE)
	$(BIN)/ruff check $(PYTHON_CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 -m "not slow and not service and not weights"

test: weights
	$(BIN)/pytest -n 2 -m "not service"

test-all: test
	scripts/test-services
	$(BIN)/pytest -n 2 -m service

bench: weights
	scripts/bench

format: install
	$(BIN)/ruff format $(PYTHON_CODE)
	$(BIN)/ruff check --fix $(PYTHON_CODE)

pages: weights
	$(BIN)/python scripts/comparison
	$(BIN)/python scripts/tables

requirements:
	scripts/compile-requirements

clean:
	rm -rf $(VENV) build dist site
