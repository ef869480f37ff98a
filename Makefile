# `make demo` and `make test` set up what they need in .venv; nothing else has to be done first.
# All paths are relative, so that the folder may have any name.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

venv := .venv
python := $(venv)/bin/python
stamp := $(venv)/.installed

# Python is asked to keep what it has compiled, even where it is told not to: tests are read anew by
# each process, and many start further ones. One process per core. Each begins with its own stretch of the tests and takes over from another
# when done, so that what a module or a session sets up is mostly set up once. Seeds of hashes are
# equal so that all processes find the same tests.
pytest := PYTHONDONTWRITEBYTECODE= PYTHONHASHSEED=0 $(python) -m pytest --numprocesses auto --dist worksteal

# 3.11 to 3.14 have ready-made packages for every entry of requirements.lock. Version managers
# leave names on the path that do not run, hence the trial. Override: make test PYTHON=/my/python
PYTHON ?= $(shell \
	for name in python3.13 python3.12 python3.11 python3.14 python3 python; do \
		if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
			>/dev/null 2>&1; then echo $$name; break; fi; \
	done)

.PHONY: help
help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: $(stamp) ## Plan a real-sized day and show the roster.
	@$(venv)/bin/homecare demo

# Compiled before the tests, so that no test of the service waits for it.
.PHONY: kernels
kernels: $(stamp)
	@PYTHONDONTWRITEBYTECODE= $(python) -c 'from optimizer.warm_up import make_ready; make_ready(proof=True)'

.PHONY: test
test: $(stamp) kernels ## Run the tests but the long sweeps, in some minutes.
	@$(pytest) -m "not sweep"

.PHONY: sweeps
sweeps: $(stamp) kernels ## Run the long sweeps of tests alone.
	@$(pytest) -m sweep

.PHONY: test-all
test-all: test sweeps ## Run all tests.

.PHONY: coverage
coverage: $(stamp) ## Run all tests and tell which lines and branches none of them reaches.
	@$(pytest) --cov=optimizer --cov=service --cov-branch --cov-report=term-missing:skip-covered

.PHONY: lint
lint: $(stamp) ## Check style, format and types.
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy

.PHONY: format
format: $(stamp) ## Mend style and format where a machine can.
	@$(python) -m ruff check --fix .
	@$(python) -m ruff format .

.PHONY: schemas
schemas: $(stamp) ## Write the JSON Schemas in docs/schemas anew from the records.
	@$(python) -m tests.formats.test_schema

.PHONY: bench-smoke
bench-smoke: $(stamp) ## Run every benchmark suite once on tiny cases.
	@for suite in hhcrsp hhcrsp-extended day peers ablation workers scale weeks city staffing startup optimum plans kernels needs spreadsheets allocation office explain reasons replan recommend studies bounds diving service vroom; do \
		$(python) -m benchmarks $$suite --smoke || exit 1; \
	done

.PHONY: peers
peers: $(stamp) ## Add the solvers that the benchmarks compare with.
	@$(python) -m pip install --quiet --disable-pip-version-check --only-binary :all: \
		--no-build-isolation --editable '.[bench]'

.PHONY: parquet
parquet: $(stamp) ## Add pyarrow, to write tables of studies as Parquet files.
	@$(python) -m pip install --quiet --disable-pip-version-check --only-binary :all: \
		--no-build-isolation --editable '.[parquet]'

.PHONY: cluster
cluster: $(stamp) ## Add Ray, to solve on several machines.
	@$(python) -m pip install --quiet --disable-pip-version-check --only-binary :all: \
		--no-build-isolation --editable '.[cluster]'

.PHONY: browser
browser: $(stamp) ## Add what drives a browser, to test pages in the system's Chromium.
	@$(python) -m pip install --quiet --disable-pip-version-check --only-binary :all: \
		--no-build-isolation --editable '.[browser]'

.PHONY: lock
lock: $(stamp) ## Write requirements.lock anew; UPGRADE=--upgrade also takes newer versions.
	@UV_CUSTOM_COMPILE_COMMAND='make lock' $(python) -m uv pip compile pyproject.toml \
		--no-config --universal --python-version 3.11 --fork-strategy fewest \
		--extra dev --extra service --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate \
		$(UPGRADE) --quiet --output-file requirements.lock

.PHONY: setup
setup: $(stamp) ## Only set up the virtual environment.

$(stamp): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "No Python 3.11 to 3.14 was found on the path. Install one, or name it:" >&2; \
		echo "    make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; \
		exit 1; \
	fi
	@if [ ! -x $(python) ]; then \
		"$(PYTHON)" -m venv $(venv) || { \
			rm -rf $(venv); \
			echo "$(PYTHON) cannot create virtual environments." >&2; \
			echo "On Debian and Ubuntu the package python3-venv adds that." >&2; \
			exit 1; \
		}; \
	fi
	@echo "Installing what requirements.lock lists (once, a few minutes at most) ..."
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes \
		--only-binary :all: -r requirements.lock
	@$(python) -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@touch $@

.PHONY: clean
clean: ## Remove the virtual environment and everything generated.
	rm -rf $(venv) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find optimizer service benchmarks tests -name __pycache__ -type d -prune -exec rm -rf {} +
