# Every target sets itself up: all it takes is python3 (3.11 or later), make and git.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3
UV_VERSION := 0.13.9
export UV_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys.executable)')
export UV_PYTHON_DOWNLOADS := never
export UV ?= $(CURDIR)/.venv-uv/bin/uv
RUN := .venv/bin/
SAM := SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam
NPM := PATH="$(CURDIR)/.venv-node/bin:$$PATH" npm --prefix console
RUNTIME ?= python3.13
ARCHITECTURE ?= arm64
LISTEN ?= 127.0.0.1
EVENTS ?= 100000
SEED ?= 1
# How many processes run the tests: one more than cores, because some wait. 0 is none beside pytest's own.
CORES := $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
JOBS ?= $(shell expr $(CORES) + 1)
# Without bytecode each of them, and each process that a test starts, compiles all it imports.
PYTEST := PYTHONDONTWRITEBYTECODE= $(RUN)pytest -n $(JOBS) --maxprocesses 8 --dist worksteal

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(UV):
	@echo "setting up uv $(UV_VERSION)"
	@$(PYTHON) -c 'import sys; sys.exit("python3 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv-uv
	@.venv-uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.synced: uv.lock pyproject.toml layers/prooftrail/pyproject.toml | $(UV)
	@echo "setting up .venv from uv.lock"
	@$(UV) sync --locked --quiet
	@touch $@

.venv-servers/.synced: uv.lock pyproject.toml layers/prooftrail/pyproject.toml | $(UV)
	@echo "setting up .venv-servers from uv.lock"
	@UV_PROJECT_ENVIRONMENT=.venv-servers $(UV) sync --locked --quiet --only-group servers
	@touch $@

.venv-node/.synced: uv.lock | $(UV)
	@echo "setting up .venv-node from uv.lock"
	@UV_PROJECT_ENVIRONMENT=.venv-node $(UV) sync --locked --quiet --only-group node
	@touch $@

console/node_modules/.synced: console/package-lock.json .venv-node/.synced
	@echo "setting up console/node_modules from console/package-lock.json"
	@$(NPM) ci --no-audit --no-fund --silent
	@touch $@

.venv-%/.synced: e2e/%.txt | $(UV)
	@echo "setting up .venv-$* from e2e/$*.txt"
	@$(UV) venv --quiet --allow-existing .venv-$*
	@$(UV) pip sync --quiet --require-hashes --python .venv-$* e2e/$*.txt
	@touch $@

.PHONY: setup
setup: .venv/.synced ## Create the locked environment in .venv

.PHONY: demo
demo: setup ## Run the whole system once on an embedded AWS and check what it did
	@$(RUN)python -m local demo

.PHONY: dev
dev: setup ## Keep the system up on this machine until Ctrl-C (LISTEN=127.0.0.1, EMPTY=1 without a month of events)
	@$(RUN)python -m local dev --host $(LISTEN) $(if $(EMPTY),--empty)

.PHONY: test
test: setup ## Run the tests (JOBS=3)
	@$(PYTEST)

.PHONY: test-fast
test-fast: setup ## Run the unit tests and the contract tests on the fakes, with fewer examples
	@HYPOTHESIS_PROFILE=fast $(PYTEST) -m "not aws" tests/unit tests/contract

.PHONY: test-slow
test-slow: setup .venv-servers/.synced .venv-uwsgi/.synced ## Run the tests that install packages, start processes or try many faults
	@$(PYTEST) -m slow tests

.PHONY: fuzz
fuzz: setup ## Send the API what docs/openapi.json allows and forbids; fuzz every parser; try more inputs for each property
	@$(PYTEST) -p schemathesis.pytest.plugin -m fuzz tests/fuzz/test_openapi.py
	@HYPOTHESIS_PROFILE=fuzz $(PYTEST) -m fuzz tests/fuzz/test_parsers.py
	@HYPOTHESIS_PROFILE=properties $(PYTEST) -m "hypothesis and not slow and not fuzz and not browser"

.PHONY: check
check: setup .venv-sam/.synced console/node_modules/.synced ## ruff, mypy, import-linter, cfn-lint, sam validate, TypeScript, drift of what is generated
	$(RUN)ruff check
	$(RUN)ruff format --check
	$(RUN)mypy
	PYTHONPATH=functions $(RUN)lint-imports
	$(RUN)cfn-lint template.yaml
	AWS_DEFAULT_REGION=us-east-1 $(SAM) validate --lint
	$(RUN)python -m tools.openapi --check
	$(RUN)python -m tools.event_schema --check
	$(RUN)python -m tools.cli_docs --check
	$(RUN)python -m tools.cost --check
	$(RUN)python -m tools.scaling --check
	@$(NPM) run --silent check
	@$(NPM) run --silent test
	@OUTPUT=../build/console $(NPM) run --silent build -- --logLevel warn >/dev/null
	@diff -r build/console layers/prooftrail/prooftrail/console/assets || \
		{ echo 'the built console is not what console/ builds: run `make console`'; exit 1; }
	@$(NPM) run --silent types -- --check

.PHONY: console
console: console/node_modules/.synced ## Build the web console into the package, from console/
	@$(NPM) run --silent types
	@$(NPM) run --silent check
	@$(NPM) run --silent test
	@$(NPM) run --silent build

.PHONY: test-console
test-console: setup ## Run the tests of the web console in a browser, if this machine has one (SLOW=4: a slow page)
	@SLOW=$(SLOW) $(PYTEST) -rs --dist loadfile -m browser tests/console

.PHONY: build
build: .venv-sam/.synced ## Build for Lambda into .aws-sam (RUNTIME=python3.13 ARCHITECTURE=arm64)
	@PROOFTRAIL_RUNTIME=$(RUNTIME) PROOFTRAIL_ARCHITECTURE=$(ARCHITECTURE) $(SAM) build \
		--parameter-overrides Runtime=$(RUNTIME) Architecture=$(ARCHITECTURE)

.PHONY: dist
dist: setup ## Build wheel and sdist into dist/, and try the wheel in fresh environments
	@$(RUN)python -m tools.dist

.PHONY: e2e
e2e: setup .venv-sam/.synced .venv-emulator/.synced ## Deploy onto an AWS emulator and follow events through it
	@.venv-sam/bin/python e2e/run.py --emulator .venv-emulator/bin/ministack

.PHONY: openapi
openapi: setup ## Write docs/openapi.json from the functions' routes
	@$(RUN)python -m tools.openapi

.PHONY: schemas
schemas: setup ## Write schemas/ from the model of the event
	@$(RUN)python -m tools.event_schema

.PHONY: cli-docs
cli-docs: setup ## Write docs/cli.md from the help of every command
	@$(RUN)python -m tools.cli_docs

.PHONY: cost
cost: setup ## Write the tables of docs/cost.md
	@$(RUN)python -m tools.cost

.PHONY: soak
soak: setup ## Send EVENTS=100000 under faults of every kind, and report whether the promises held (SEED=1)
	@PYTHONPATH=functions $(RUN)python -m soak --events $(EVENTS) --seed $(SEED)

.PHONY: scaling
scaling: setup ## Write the tables of docs/scaling.md
	@$(RUN)python -m tools.scaling

.PHONY: bench
bench: setup ## Measure CPU, memory, cold start, write units and page cost
	@$(RUN)python -m benchmarks

.PHONY: format
format: setup ## Format and fix what ruff can
	@$(RUN)ruff check --fix --quiet
	@$(RUN)ruff format --quiet

.PHONY: clean
clean: ## Remove what the other targets made
	rm -rf .venv .venv-* .aws-sam build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
