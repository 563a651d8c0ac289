# Medet's commands; `make help` lists them. Needs Python 3.11 with its venv module, and nothing else to start.
PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
COMPILE := $(PY) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header
WORDS := medet/locale/kk/LC_MESSAGES/django.mo
# Many tests wait for telephones and browsers, so two cores carry three processes; each has a PostgreSQL of its own.
BOTH_CORES := -n 3 --dist loadfile --no-loadscope-reorder
MAKEFLAGS += --no-print-directory
# Some shells forbid Python to keep what it compiled; every process of ours would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help demo serve upgrade test check lint fix lock packages story-18 figures

help: ## This list
	@grep -hE '^[a-z%-]+:.*## ' Makefile | sed -E 's/^([a-z%-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: $(VENV)/ready $(WORDS) ## A made-up city with real calls on this machine; prints addresses and logins
	@exec $(PY) manage.py demo $(ARGS)

serve: $(VENV)/ready $(WORDS) ## The real thing, without made-up data
	@exec $(PY) -m medet.supervisor serve $(ARGS)

upgrade: $(VENV)/ready $(WORDS) ## End what runs, back it up, bring the data to this release, start again
	@exec $(PY) -m medet.supervisor upgrade

test: $(VENV)/ready-dev $(WORDS) packages ## All tests (make test ARGS="tests/people -k iin")
	@$(PY) -m pytest $(BOTH_CORES) $(ARGS)

check: $(VENV)/ready-dev $(WORDS) packages lint story-18 ## test + lint, types, arrows, migrations, generated docs (what CI runs)
	@$(PY) -m pytest $(BOTH_CORES) $(ARGS)

# The daily round on the newest PostgreSQL too; all other tests run on the machine's own, Debian's 15 in CI.
story-18: $(VENV)/ready-dev $(WORDS) packages
	@PG_BINDIR=$$($(PY) -m tests.wheel) $(PY) -m pytest -q $(BOTH_CORES) tests/flows tests/live/test_story.py

lint: $(VENV)/ready-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy medet tests
	$(PY) -c "import sys; from importlinter.cli import lint_imports_command as run; sys.argv[0] = 'lint-imports'; run()"
	$(PY) -m tests.generated

fix: $(VENV)/ready-dev ## Put right what ruff can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

lock: $(VENV)/ready-dev ## Write the hashed requirements anew from pyproject.toml (make lock ARGS=--upgrade)
	$(COMPILE) $(ARGS) -o requirements.txt
	$(COMPILE) $(ARGS) --extra dev --constraint requirements.txt -o requirements-dev.txt
	@! grep -nE '://|^ *--(index|extra|find|trusted)' requirements.txt requirements-dev.txt

bench-%: $(VENV)/ready-dev ## Speed and size of a room
	@$(PY) -m tests.bench.$*

prove-%: $(VENV)/ready-dev packages ## The long judges of a room; writes docs/figures/
	@$(PY) -m tests.prove.$*

figures: $(VENV)/ready-dev packages ## The first source's fifty days, loaded and compared to the unit; call again until it is done
	@$(PY) -m tests.prove.almaty

# Compiled translations are not in git; one command writes those of all languages.
$(WORDS): $(wildcard medet/locale/*/LC_MESSAGES/*.po) $(VENV)/ready
	@$(PY) manage.py compile_catalogues >/dev/null

packages:
	@tests/system_packages.sh

# Set up again only when the lock changes. uv is used when it is there, and pip when uv cannot do it.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 is needed: apt-get install python3.11, or make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "The venv module of Python is missing: apt-get install python3-venv"; exit 1; }
	@test -x $(VENV)/bin/pip || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@echo "Installing $<"
	@{ command -v uv >/dev/null && uv pip install --quiet --python $(PY) --require-hashes -r $< 2>/dev/null; } \
		|| $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
endef

$(VENV)/ready: requirements.txt
	$(install)

# The larger set holds the smaller one.
$(VENV)/ready-dev: requirements-dev.txt requirements.txt
	$(install)
	@touch $(VENV)/ready
