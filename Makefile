# Needs Python >= 3.11 with venv, and make. Everything else is installed from the hashed locks in
# requirements/, into .venvs/, and is built again when a lock or pyproject.toml changes.

PYTHON ?= python3
VENVS ?= .venvs
JOBS ?= auto
# More arguments for pytest, as in: make quick ARGS="-k calendar"
ARGS ?=

# One environment for each Python, so that `make test PYTHON=python3.13` means what it says.
TAG := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
RUN := $(VENVS)/run-$(TAG)
DEV := $(VENVS)/dev-$(TAG)
DOCS := $(VENVS)/docs-$(TAG)
EXIT := $(VENVS)/exit-$(TAG)
DECLARE := $(VENVS)/declare-$(TAG)
BENCH := $(VENVS)/bench-$(TAG)
WHEEL := $(VENVS)/wheel-$(TAG)
LOCK := $(VENVS)/lock-$(TAG)

DIST := build/dist
SOURCES := $(wildcard kernel simulation tests benchmarks docs examples tools)
TYPED := $(wildcard kernel simulation docs examples tests benchmarks tools)

PIP_INSTALL := -m pip --disable-pip-version-check install -qq
LOCKED := $(PIP_INSTALL) --require-hashes
PROJECT := $(PIP_INSTALL) --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) \
	    | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

# ------------------------------------------------------------------------------------ use

.PHONY: demo
demo: $(RUN)/ready ## check every procedure and write a report to build/report.html
	@mkdir -p build
	$(RUN)/bin/cpplan check --report build/report.html
	@echo "The report is in build/report.html: open it in a browser."

# The pages first, by a script of ours; then whatever builder makes a site of them. Never -q, which
# would hide what strict is to find.
BUILT := build/docs/mkdocs.yml
.PHONY: docs
docs: $(DOCS)/ready ## write the documentation from the rules, and build site/
	$(DOCS)/bin/python -m cpplan_docs --to build/docs --site site
	SOURCE_DATE_EPOCH=0 NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict -f $(BUILT)
	@echo "The site is in site/: open site/index.html in a browser."

# MkDocs 1.x and its theme are no longer developed (docs/choices/site.md).
.PHONY: docs-exit
docs-exit: docs-properdocs docs-zensical ## build the same pages with the builders that could take over

.PHONY: docs-properdocs docs-zensical
docs-properdocs: docs $(EXIT)/ready
	SOURCE_DATE_EPOCH=0 $(EXIT)/bin/properdocs build --strict -f $(BUILT) -d ../exit/properdocs

docs-zensical: docs $(EXIT)/ready
	sed 's#^site_dir:.*#site_dir: zensical#' $(BUILT) >build/docs/zensical.yml
	$(EXIT)/bin/zensical build --clean --strict -f build/docs/zensical.yml

# ----------------------------------------------------------------------------------- gate

.PHONY: check lint types contracts
check: lint types contracts ## all that reads the code without running it

lint: $(DEV)/ready ## style and formatting
	$(DEV)/bin/ruff check $(SOURCES)
	$(DEV)/bin/ruff format --check $(SOURCES)

types: $(DEV)/ready ## mypy, strict
	$(DEV)/bin/mypy $(TYPED)

contracts: $(DEV)/ready ## which module may import which
	$(DEV)/bin/lint-imports --no-logo --no-cache

.PHONY: test quick
# Under coverage, which takes twice as long, only the tests that cover the kernel.
test: $(DEV)/ready ## every test; the kernel must be covered in full, branches included
	$(DEV)/bin/python -m pytest -n $(JOBS) --maxprocesses 8 tests/kernel --cov=kernel --cov-report= \
	    $(ARGS)
	@echo "Coverage of the kernel (100% or the test fails):"
	@$(DEV)/bin/coverage report --include='kernel/*' --fail-under=100
	$(DEV)/bin/python -m pytest -n $(JOBS) --maxprocesses 8 tests --ignore=tests/kernel \
	    --dist loadgroup --no-loadscope-reorder $(ARGS)

quick: $(DEV)/ready ## the tests that take milliseconds
	$(DEV)/bin/python -m pytest -n $(JOBS) --maxprocesses 8 -m 'not slow' $(ARGS)

.PHONY: declare
declare: $(DECLARE)/ready ## the environment of the tool that opens DECLARE files in a test (500 MB)

.PHONY: sdist wheel wheel-test
sdist: $(DEV)/ready
	@rm -rf $(DIST)
	$(DEV)/bin/python -m hatchling build -t sdist -d $(DIST)

wheel: sdist ## build the sdist, and the wheel from the sdist, into build/dist
	$(DEV)/bin/python -m pip --disable-pip-version-check wheel -qq --no-deps --no-index \
	    --no-build-isolation --wheel-dir $(DIST) $(DIST)/cpplan-*.tar.gz

wheel-test: wheel ## install that wheel in a new environment and use it in an empty directory
	@$(PYTHON) -m venv --clear $(WHEEL)
	$(WHEEL)/bin/python $(LOCKED) -r requirements/run.txt
	$(WHEEL)/bin/python $(PIP_INSTALL) --no-deps --no-index $(DIST)/cpplan-*.whl
	@rm -rf build/empty && mkdir -p build/empty
	cd build/empty && '$(abspath $(WHEEL))/bin/cpplan' --help
	cd build/empty && '$(abspath $(WHEEL))/bin/cpplan' check standards

# -------------------------------------------------------------------------------- measure

.PHONY: bench
bench: $(BENCH)/ready ## side by side with peers
	$(BENCH)/bin/python -m benchmarks

# --------------------------------------------------------------------------------- upkeep

.PHONY: venv
venv: $(DEV)/ready ## the environment for development
	@echo "Activate it with: . $(DEV)/bin/activate"

# Keeps the pins that still fit; `make lock UPGRADE=--upgrade` takes the newest.
UPGRADE ?=
COMPILE = $(LOCK)/bin/uv pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --no-header $(UPGRADE)

.PHONY: lock
lock: $(LOCK)/ready ## compile the locks again from pyproject.toml and requirements/*.in
	$(COMPILE) --group lock -o requirements/lock.txt >/dev/null
	$(COMPILE) pyproject.toml --extra cli --extra caseload --extra store --group build \
	    -c requirements/together.in -o requirements/run.txt >/dev/null
	$(COMPILE) pyproject.toml --all-extras --group test --group dev -c requirements/run.txt \
	    -o requirements/dev.txt >/dev/null
	$(COMPILE) pyproject.toml --extra cli --extra caseload --extra explore --extra http --group docs --group build \
	    -c requirements/dev.txt -o requirements/docs.txt >/dev/null
	$(COMPILE) requirements/exit.in -c requirements/docs.txt -o requirements/exit.txt >/dev/null
	$(COMPILE) requirements/declare.in -o requirements/declare.txt >/dev/null
	$(COMPILE) requirements/peers.in -c requirements/dev.txt -o requirements/peers.txt >/dev/null
	@if grep -nE '://|^--|^ *-[ief] ' requirements/*.txt; then \
	    echo "A lock must hold no address and no option: see the lines above." >&2; exit 1; fi

.PHONY: clean
clean: ## remove all that make built
	rm -rf $(VENVS) build site .coverage .coverage.* .hypothesis \
	    .mypy_cache .pytest_cache .ruff_cache
	find $(SOURCES) -name __pycache__ -type d -prune \
	    -exec rm -rf {} + 2>/dev/null || true

# --------------------------------------------------------------------------- environments

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { \
	    echo "cpplan needs Python 3.11 or newer, and '$(PYTHON)' is not there." \
	        "Name another with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "cpplan needs Python 3.11 or newer; '$(PYTHON)' is $(TAG)." \
	        "Name another with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "'$(PYTHON)' can't make virtual environments: its venv module is missing." \
	        "Debian and Ubuntu keep it in the package python3-venv." >&2; exit 1; }

$(RUN)/ready: requirements/run.txt pyproject.toml | python
	@echo "Setting up $(RUN) ..."
	@$(PYTHON) -m venv --clear $(RUN)
	@$(RUN)/bin/python $(LOCKED) -r requirements/run.txt
	@$(RUN)/bin/python $(PROJECT)
	@touch $@

$(DEV)/ready: requirements/dev.txt pyproject.toml | python
	@echo "Setting up $(DEV) ..."
	@$(PYTHON) -m venv --clear $(DEV)
	@$(DEV)/bin/python $(LOCKED) -r requirements/dev.txt
	@$(DEV)/bin/python $(PROJECT)
	@touch $@

$(DOCS)/ready: requirements/docs.txt pyproject.toml | python
	@echo "Setting up $(DOCS) ..."
	@$(PYTHON) -m venv --clear $(DOCS)
	@$(DOCS)/bin/python $(LOCKED) -r requirements/docs.txt
	@$(DOCS)/bin/python $(PROJECT)
	@touch $@

$(EXIT)/ready: requirements/exit.txt | python
	@echo "Setting up $(EXIT) ..."
	@$(PYTHON) -m venv --clear $(EXIT)
	@$(EXIT)/bin/python $(LOCKED) -r requirements/exit.txt
	@touch $@

$(DECLARE)/ready: requirements/declare.txt | python
	@echo "Setting up $(DECLARE) ..."
	@$(PYTHON) -m venv --clear $(DECLARE)
	@$(DECLARE)/bin/python $(LOCKED) --no-compile -r requirements/declare.txt
	@touch $@

$(BENCH)/ready: requirements/dev.txt requirements/peers.txt pyproject.toml | python
	@echo "Setting up $(BENCH) ..."
	@$(PYTHON) -m venv --clear $(BENCH)
	@$(BENCH)/bin/python $(LOCKED) -r requirements/dev.txt -r requirements/peers.txt
	@$(BENCH)/bin/python $(PROJECT)
	@touch $@

$(LOCK)/ready: requirements/lock.txt | python
	@echo "Setting up $(LOCK) ..."
	@$(PYTHON) -m venv --clear $(LOCK)
	@$(LOCK)/bin/python $(LOCKED) -r requirements/lock.txt
	@touch $@
