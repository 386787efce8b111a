# Every target can be repeated and, after the first time, works without a network.
# Names are relative, so that the project may lie in a folder with spaces in its name.

PORT ?= 8000
INSTANCE ?= instance
PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
STAMP := $(VENV)/installed
KERNELS := matcher/kernels.py matcher/kernels.pxd

.PHONY: help install run test lint lock notebooks

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /	/' | sort

install: $(STAMP)  ## Make the virtual environment from the lock

$(STAMP): requirements/all.txt setup.cfg setup.py pyproject.toml $(KERNELS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	cmp -s requirements/all.txt $(VENV)/locked.txt || { \
		$(VENV)/bin/python -m pip install --quiet --require-hashes -r requirements/all.txt \
		&& cp requirements/all.txt $(VENV)/locked.txt; }
	@# One that was translated from older loops must not stay where there is no compiler any more.
	@rm -f matcher/kernels.*.so
	$(VENV)/bin/python -m pip install --quiet --no-index --no-deps --no-build-isolation -e .
	@ls matcher/kernels.*.so >/dev/null 2>&1 || echo 'No C compiler (gcc, Python.h) was found:' \
		'the matcher works, but is slow with rosters of more than a few thousand.' >&2
	@touch $(STAMP)

run: $(STAMP)  ## Run the platform with the demo on 127.0.0.1:$(PORT); Ctrl-C stops it
	@PATH="$$PWD/$(VENV)/bin:$$PATH"; PORT='$(PORT)'; INSTANCE='$(INSTANCE)'; \
	export PATH PORT INSTANCE PYTHONUNBUFFERED=1; umask 077; \
	flask --app wsgi install && flask --app wsgi demo || exit 1; \
	trap 'kill -TERM $$pid' HUP INT TERM; \
	(trap '' HUP; exec honcho start) & pid=$$!; \
	while kill -0 $$pid 2>/dev/null; do wait $$pid; code=$$?; done; \
	case $$code in 0|130|143) echo 'The platform has stopped.' ;; *) exit $$code ;; esac

test: $(STAMP) lint  ## Check the code, then run every test
	$(VENV)/bin/python -m pytest -n $(WORKERS)

lint: $(STAMP)  ## Check style, types and layout of the code
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

notebooks: $(STAMP)  ## Execute the notebooks and write their figures into them
	$(VENV)/bin/python notebooks/execute.py

lock: $(STAMP)  ## Write the lock anew from requirements/*.in
	$(VENV)/bin/uv pip compile --quiet requirements/all.in --output-file requirements/all.txt \
		--upgrade --generate-hashes --universal --python-version 3.11 --no-header \
		--no-emit-index-url --no-emit-find-links
