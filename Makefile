# Every target can be repeated and, after the first time, works without a network.
# Names are relative, so that the project may lie in a folder with spaces in its name.

PORT ?= 8000
INSTANCE ?= instance
PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/installed
KERNELS := matcher/store/kernels.py matcher/store/kernels.pxd
# uv installs the same packages, held to the same hashes, in a fraction of the time.
UV := $(shell command -v uv || { test -x $(VENV)/bin/uv && echo $(VENV)/bin/uv; })
PIP := $(if $(UV),'$(UV)' pip install --python $(PY),$(PY) -m pip install) --quiet

LOCK := $(VENV)/bin/uv pip compile --quiet --upgrade --generate-hashes --universal \
	--python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links

.PHONY: help install run test thoroughtest longtest faults attack lint format lock notebooks translations

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /	/' | sort

install: $(STAMP)  ## Make the virtual environment, with what running needs

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# What is installed is remembered as a copy of its lock: a lock that was only touched costs nothing.
$(VENV)/%.txt: requirements/%.txt | $(PY)
	cmp -s $< $@ || $(PIP) --require-hashes -r $<
	@cp $< $@

$(STAMP): $(VENV)/run.txt setup.cfg setup.py pyproject.toml $(KERNELS)
	@# One that was translated from older loops must not stay where there is no compiler any more.
	@rm -f matcher/store/kernels.*.so
	$(PIP) --no-index --no-deps --no-build-isolation -e .
	@ls matcher/store/kernels.*.so >/dev/null 2>&1 || echo 'No C compiler (gcc, Python.h) was found:' \
		'the matcher works, but is slow with rosters of more than a few thousand.' >&2
	@# Whoever runs it may not be able to write here, and each process would else compile all of it anew.
	@$(PY) -m compileall -qq $(VENV)/lib webapp matcher wsgi.py
	@touch $(STAMP)

# What tests, checks and notebooks need comes on top of what runs.
$(VENV)/all.txt: $(STAMP)

run: $(STAMP)  ## Run the platform with the demo on localhost:$(PORT); Ctrl-C stops it
	@# Each process is given a port of its own by honcho, and all of them send people to the first one.
	@PATH="$$PWD/$(VENV)/bin:$$PATH"; PORT='$(PORT)'; INSTANCE='$(INSTANCE)'; \
	PLATFORM_URL="$${PLATFORM_URL:-http://localhost:$$PORT}"; \
	export PATH PORT INSTANCE PLATFORM_URL PYTHONUNBUFFERED=1; umask 077; \
	flask --app wsgi install && flask --app wsgi demo || exit 1; \
	trap 'kill -TERM $$pid' HUP INT TERM; \
	(trap '' HUP; exec honcho start) & pid=$$!; \
	while kill -0 $$pid 2>/dev/null; do wait $$pid; code=$$?; done; \
	case $$code in 0|130|143) echo 'The platform has stopped.' ;; \
	*) echo 'The platform has stopped, because one of its processes ended (above it says which).' \
		'Nothing that was saved is lost: make run starts it again. Where it must go on by itself,' \
		'systemd starts it (docs/operations.md).' >&2; exit $$code ;; esac

test: $(VENV)/all.txt lint  ## Check the code, then run every test that is quick
	$(PY) -m pytest -n $(WORKERS) -m 'not long and not thorough'

thoroughtest: $(VENV)/all.txt  ## Run the tests on PostgreSQL, and of many processes, roles and ways
	$(PY) -m pytest -n $(WORKERS) -m 'thorough and not long'

longtest: $(VENV)/all.txt  ## Run the tests that take long: browsers, faults, notebooks, walks of all pages
	$(PY) -m pytest -n $(WORKERS) -m long

faults: $(VENV)/all.txt  ## Run all tests of faults: kills, cuts, full disks, many at one moment
	$(PY) -m pytest -n $(WORKERS) tests/faults

attack: $(VENV)/all.txt  ## Attack a running platform: things of others, hostile values, stolen sessions, eight at one moment
	$(PY) -m pytest -n $(WORKERS) -m attack tests/attack tests/faults

lint: $(VENV)/all.txt  ## Check style, types and layout of the code
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

format: $(VENV)/all.txt  ## Mend the layout of the code, and what of its style can be mended
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

notebooks: $(VENV)/all.txt  ## Execute the notebooks and write their figures into them
	$(PY) notebooks/execute.py

# Its options stand in setup.cfg. What is missing is told by the test that keeps the catalogues whole.
translations: $(VENV)/all.txt  ## Bring the catalogues up to the texts in the code; say what is missing
	@mkdir -p build
	$(PY) setup.py --quiet extract_messages update_catalog
	@$(PY) -m pytest --quiet --no-header tests/structure/test_translations.py

lock: $(VENV)/all.txt  ## Write all locks anew from requirements/*.in
	$(LOCK) requirements/run.in --output-file requirements/run.txt
	$(LOCK) requirements/all.in --output-file requirements/all.txt --constraint requirements/run.txt
	$(LOCK) requirements/load.in --output-file requirements/load.txt
