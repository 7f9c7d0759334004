# Needs Python 3.11 or newer, git and make; `make oracle` needs Go as well, and npm for one of its tools. Everything is installed into .venv.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$name" && break; done)
JOBS ?= 2
GITOPS_LINT_ORACLES ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/gitops-lint-oracles

.DEFAULT_GOAL := help
.PHONY: help setup demo test check generate oracle bench docs dist release clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(READY) ## make .venv; every other target does it when it is due

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY) ## lint the example repositories, each as a repository of its own
	@set -e; trap 'rm -rf "$$copies"' EXIT; copies=$$(mktemp -d); cp -R examples/. "$$copies"; bin=$$PWD/$(BIN); \
	for name in shop platform; do \
		echo "\$$ cd examples/$$name; gitops-lint check"; \
		status=0; (cd "$$copies/$$name" && "$$bin/gitops-lint" check) || status=$$?; \
		test $$status -eq 1 || { echo "make: exit status $$status instead of 1" >&2; exit 1; }; \
		echo; \
	done
	@echo "These findings are expected: the examples hold such mistakes on purpose. The demo has succeeded."

test: $(READY) ## the tests that need nothing but Python and git
	$(BIN)/python -m pytest -n $(JOBS) -m 'not oracle and not slow'

check: $(READY) ## lint, types, import layers, and that generated files are fresh
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.generate --check

generate: $(READY) ## write the files that are made from the code: docs/rules, schemas, hooks
	$(BIN)/python -m tools.generate

oracle: $(READY) ## compare with the real tools, built by Go into a cache, and run the slow tests
	GITOPS_LINT_ORACLES='$(GITOPS_LINT_ORACLES)' tests/oracle/build.sh
	GITOPS_LINT_ORACLES='$(GITOPS_LINT_ORACLES)' $(BIN)/python -m pytest -n $(JOBS) -m 'oracle or slow'

bench: $(READY) ## measure, as ratios within one run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m compileall -q gitops_lint # as pip does to what it installs for real
	@status=0; for name in reader pointers latest budgets peers; do \
		echo "== benchmarks/$$name.py"; $(BIN)/python "benchmarks/$$name.py" || status=1; done; exit $$status

docs: $(READY) ## build the site into site/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	$(BIN)/mkdocs build --strict

dist: $(READY) ## build dist/, and try what is in it in an environment of its own
	rm -rf dist && $(BIN)/python -m hatchling build -d dist
	@set -e; trap 'rm -rf "$$tried"' EXIT; tried=$$(mktemp -d); $(BIN)/python -m venv "$$tried"; \
		"$$tried/bin/pip" install --quiet --disable-pip-version-check dist/*.whl; \
		"$$tried/bin/gitops-lint" --version; "$$tried/bin/gitops-lint" check --exit-zero --quiet examples

release: check test dist ## build dist/ for the version that CHANGELOG.md has an entry for
	@test -z "$$(git status --porcelain)" || { echo "make: commit first" >&2; exit 1; }
	@version=$$($(BIN)/python -c 'import gitops_lint; print(gitops_lint.__version__)'); \
		grep -q "^## \[$$version\]" CHANGELOG.md || { echo "make: CHANGELOG.md has no entry for $$version" >&2; exit 1; }; \
		echo "Now: git tag --sign v$$version, and push it"

clean: ## remove what was built
	rm -rf $(VENV) dist site build
