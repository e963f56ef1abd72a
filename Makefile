# Every target does its own set-up: a first call makes .venv, a later one starts at once.

PORT ?= 8400
FRESH ?=
ARGS ?=
# A file's tests stay together; whoever asks for some of them gets one process, as --pdb needs.
# Much of a test is waiting, so each core takes two of them.
PROCESSES := $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))
SPREAD := --numprocesses $(PROCESSES) --maxprocesses 8 --dist loadfile

VENV := .venv
PYTHON := $(VENV)/bin/python
BIN := $(VENV)/bin

# Named after what the lock says, so that a changed lock, and nothing else, installs anew.
fingerprint = $(shell cksum < $(1) | cut -d ' ' -f 1)
RUNTIME := $(VENV)/runtime-$(call fingerprint,requirements.lock).done
DEV := $(VENV)/dev-$(call fingerprint,requirements-dev.lock).done
POSTGRES := $(VENV)/postgres-$(call fingerprint,requirements-postgres.lock).done

INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
CHECKED := $(wildcard app.py) bot handlers schedules serving tests $(wildcard benchmarks/*.py)
PEER := benchmarks/peer/node_modules/$(call fingerprint,benchmarks/peer/package-lock.json).done
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo run doctor manifest postgres test test-postgres lint bench soak pictures lock clean

help:
	@echo "make demo      try Truenorth without a Slack workspace (PORT=8400, FRESH=1 to start over)"
	@echo "make run       run Truenorth with the settings in .env"
	@echo "make doctor    say what is missing or wrong in them"
	@echo "make manifest  print the app's manifest for Slack"
	@echo "make postgres  install what a PostgreSQL needs, for a DATABASE_URL that names one"
	@echo "make test      run the tests (ARGS='-k mission' for some of them)"
	@echo "make test-postgres  run those with a database on a PostgreSQL that is started for them"
	@echo "make lint      check style, types and who imports whom"
	@echo "make bench     measure against the floors"
	@echo "make soak      run the tests that take long"
	@echo "make pictures  draw the documentation's pictures anew"
	@echo "make lock      resolve the dependencies anew (ARGS=--upgrade for newer versions)"
	@echo "make clean     remove what these targets made; data and .env stay"

demo: $(RUNTIME)
	@exec $(PYTHON) -m bot.playground.demo --port $(PORT) $(if $(FRESH),--fresh)

run: $(RUNTIME)
	@exec $(PYTHON) app.py

doctor manifest: $(RUNTIME)
	@exec $(PYTHON) app.py $@

postgres: $(RUNTIME) $(POSTGRES)

test: $(DEV)
	@$(PYTHON) -m pytest $(or $(ARGS),$(SPREAD))

test-postgres: $(DEV)
	@$(PYTHON) -m tests.postgres $(or $(ARGS),$(SPREAD))

lint: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(CHECKED)
	@$(BIN)/lint-imports

bench: $(DEV) $(if $(shell command -v npm),$(PEER))
	@$(PYTHON) -m benchmarks $(ARGS)

soak: $(DEV)
	@$(PYTHON) -m pytest -m soak -o faulthandler_timeout=0 $(ARGS)
	@$(PYTHON) -m pytest --examples 100 -o faulthandler_timeout=0 $(ARGS)

pictures: $(DEV)
	@$(PYTHON) -m tests.e2e.pictures $(ARGS)

lock: $(DEV)
	@$(LOCK) $(ARGS) --output-file requirements.lock pyproject.toml
	@$(LOCK) $(ARGS) --extra postgres --constraint requirements.lock \
		--output-file requirements-postgres.lock pyproject.toml
	@$(LOCK) $(ARGS) --extra dev --extra postgres --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml
	@if grep -nE '://|^ *-(-index|-find|-trusted|i |f )' requirements*.lock; \
	then echo "A lock names an address; it may hold names, versions and hashes only."; exit 1; fi

clean:
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): | $(PYTHON)
	@echo "Installing what Truenorth needs. This happens once and takes about a minute."
	@$(INSTALL) --requirement requirements.lock
	@rm -f $(VENV)/runtime-*.done && touch $@

$(POSTGRES): | $(PYTHON)
	@$(INSTALL) --requirement requirements-postgres.lock
	@rm -f $(VENV)/postgres-*.done && touch $@

$(DEV): | $(PYTHON)
	@echo "Installing what the tests and checks need. This happens once and takes a minute or two."
	@$(INSTALL) --requirement requirements-dev.lock
	@rm -f $(VENV)/dev-*.done && touch $@

# The benchmarks say so where it could not be installed, and go on without it.
$(PEER):
	@echo "Installing what Truenorth is measured against. This happens once and takes some minutes."
	@npm --prefix benchmarks/peer ci --no-audit --no-fund --loglevel=error && touch $@ || true

$(PYTHON):
	@for python in python3.11 python3 python3.12 python3.13; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Truenorth needs Python 3.11 or newer, and none was found. On Debian or Ubuntu:"; \
		echo "  sudo apt-get install python3 python3-venv"; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$found has no venv module. On Debian or Ubuntu:"; \
		echo "  sudo apt-get install python3-venv"; exit 1; \
	fi; \
	rm -rf $(VENV) && $$found -m venv $(VENV)
