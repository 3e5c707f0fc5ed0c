# The two commands of a fresh clone are `make demo` and `make test`; nothing is ever installed into the system's Python.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Locked requirements only, each with its hash. The lock is complete, so nothing is resolved: pip would ask for
# the newest coverage[toml] where the lock has coverage, and refuse the lock on the day of the next release.
INSTALL_LOCKED := $(PIP) install --quiet --require-hashes --no-deps
# The build backend is locked too, so building the project itself fetches nothing.
INSTALL_PROJECT := $(PIP) install --quiet --no-deps --no-build-isolation --editable .

include infra/checks.mk

.DEFAULT_GOAL := help
.PHONY: help setup setup-run demo test faults soak browser dashboards interop nightly mutants bench lint lock clean

help:
	@echo "make demo     run a worker on embedded parts (DEMO_SECONDS=5 ends it after five seconds)"
	@echo "make test     install what the tests need, then run every test but the long faults"
	@echo "make faults   every row of the fault matrix against real servers, and whole fleets: minutes"
	@echo "make soak     events through a schedule of faults, and the ledger of what came of them (SOAK_SECONDS, SOAK_SEED)"
	@echo "make browser  look at the stand-in Discord's page in a headless Chromium"
	@echo "make dashboards  ask a real Prometheus every panel's query, and try every alarm"
	@echo "make interop  let hikari's and discord.js's REST clients use the stand-in Discord"
	@echo "make nightly  the properties with thousands of examples each"
	@echo "make mutants  change the rules of state a line at a time and see which test notices (an hour)"
	@echo "make bench    measure everything beside other libraries and write benchmarks/results (a quarter of an hour)"
	@echo "make lint     style, types and the direction of imports"
	@echo "make setup    only create $(VENV) with the locked requirements"
	@echo "make lock     choose new versions and write requirements/*.txt"
	@echo "make clean    remove everything that was made here"
	@echo "make checks   what is shipped in infra and .github, without network; a part of make lint"
	@echo "make audit    known faults of the locked requirements (asks the package index)"
	@echo "make secrets  secrets in any file; a part of make checks"

setup: $(VENV)/.stamp-dev

setup-run: $(VENV)/.stamp-run

demo: setup-run
	$(BIN)/gp demo $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS))

test: setup
	sh scripts/system-packages.sh
	sh scripts/test.sh $(BIN)/python

faults: setup
	sh scripts/system-packages.sh
	$(BIN)/python -m pytest tests/faults --durations=10
	$(BIN)/python -m pytest -m fault tests/e2e

soak: setup
	sh scripts/system-packages.sh
	$(BIN)/python -m tests.faults.soak

browser: setup
	command -v chromium || command -v chromium-browser || command -v google-chrome || sh scripts/apt-install.sh chromium
	$(BIN)/python -m pytest tests/browser

dashboards: setup
	sh scripts/system-packages.sh
	command -v prometheus >/dev/null 2>&1 || sh scripts/apt-install.sh prometheus
	$(BIN)/python -m pytest tests/dashboards

interop: setup $(VENV)/discordjs/.stamp
	GP_TEST_DISCORDJS=$(VENV)/discordjs $(BIN)/python -m pytest tests/interop

nightly: setup
	HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -m property -o faulthandler_timeout=0

mutants: setup
	$(INSTALL_LOCKED) -r requirements/mutants.txt
	$(BIN)/mutmut run --max-children 1
	$(BIN)/mutmut results

bench: setup
	sh scripts/system-packages.sh
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.limiter
	$(BIN)/python -m benchmarks.http_client

lint: setup checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict src tests examples benchmarks
	$(BIN)/lint-imports

lock:
	sh scripts/lock.sh

clean:
	rm -rf $(VENV) $(CHECKS) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache mutants .pytest_cache .ruff_cache
	find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

# The stamps say when the last installation was complete: with nothing changed since, set-up does nothing.
$(VENV)/.stamp-venv: scripts/venv.sh
	sh scripts/venv.sh $(VENV)
	@touch $@

$(VENV)/.stamp-run: $(VENV)/.stamp-venv requirements/run.txt requirements/build.txt pyproject.toml
	$(INSTALL_LOCKED) -r requirements/run.txt -r requirements/build.txt
	$(INSTALL_PROJECT)
	$(PIP) check
	@touch $@

# dev.txt contains all of run.txt and build.txt in the same versions.
$(VENV)/.stamp-dev: $(VENV)/.stamp-venv requirements/dev.txt pyproject.toml
	$(INSTALL_LOCKED) -r requirements/dev.txt
	$(INSTALL_PROJECT)
	$(PIP) check
	@touch $(VENV)/.stamp-run $@

# discord.js's REST client, for `make interop`. npm checks each package against the registry's own digest.
$(VENV)/discordjs/.stamp: $(VENV)/.stamp-venv tests/interop/discordjs/package.json
	command -v npm >/dev/null 2>&1 || sh scripts/apt-install.sh nodejs npm
	mkdir -p $(@D)
	cp tests/interop/discordjs/package.json $(@D)
	cd $(@D) && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@
