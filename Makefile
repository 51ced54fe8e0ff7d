# Two commands: `make run` opens the demo clinic, `make test` tries everything.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT
FLASK := $(BIN)/flask --app wsgi

.PHONY: help run setup test trust check states rules mutation bench migration

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | \
	  awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

run: $(STAMP) ## Open the clinic in this folder; the first time, a demo with invented patients
	@exec $(FLASK) serve

setup: $(STAMP) ## Make a new, empty clinic and print the token for its first administrator
	@$(FLASK) setup

test: $(DEV_STAMP) ## Try everything, on SQLite and on PostgreSQL
	@$(BIN)/python tests/run.py

trust: $(DEV_STAMP) ## Try what the clinic must withstand, at full length (an hour)
	@TRUST=1 $(BIN)/python tests/run.py -s -p no:randomly tests/trust
	@TRUST=1 $(BIN)/python -m pytest -q -s -p no:randomly tests/journeys/test_nothing_is_lost.py

check: $(DEV_STAMP) ## Check style, types, layers and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -m pytest -q -p no:randomly tests/test_house.py tests/trust/test_database.py
	$(BIN)/python -m pytest -q -p no:randomly tests/domain --cov=workflow.domain --cov-branch \
	  --cov-report=term-missing:skip-covered --cov-fail-under=100

states: $(STAMP) ## Draw docs/states.md anew from the tables of steps
	@$(BIN)/python -m workflow.domain.diagrams > docs/states.md

rules: $(STAMP) ## Write docs/rules.md anew from the clinic's rules
	@$(BIN)/python -m workflow.domain.rulespage > docs/rules.md

mutation: $(DEV_STAMP) ## Change the rules in small ways; print how many changes the tests notice
	@$(BIN)/python tests/mutation.py

bench: $(DEV_STAMP) ## Measure against the bars; write bench.json and BENCH.md
	@$(BIN)/python -m bench

migration: $(DEV_STAMP) ## Draft a migration from the models: make migration M="What changes"
	@test -n "$(M)" || { echo 'Say what changes: make migration M="What changes"'; exit 1; }
	$(FLASK) db migrate -m "$(M)"

$(STAMP): requirements.txt tools/install
	@tools/install $(PYTHON) $(VENV) requirements.txt $(STAMP)

$(DEV_STAMP): requirements-dev.txt $(STAMP)
	@tools/install $(PYTHON) $(VENV) requirements-dev.txt $(DEV_STAMP)
