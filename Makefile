# Everything a newcomer needs: `make edition` and `make test`. Both set up .venv from the lock by themselves.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SITES  := tests/sites
SHIPPED := newsrepo/_forge/*/workflows/*.yml
JOBS   ?= 2
PARTS  := editor submit contingent desk

.PHONY: help edition test lint test-sites pictures try lock schemas docs man format clean

help:
	@echo 'make edition     build the sample editions into site/'
	@echo 'make test        lint, types, layers and tests'
	@echo 'make test-sites  the tests of built sites, with Chromium, Node and Java'
	@echo 'make try         be four newcomers: in a browser, with git, with a site of one'\''s own, at the desk'
	@echo 'make pictures    make the pictures of the documentation anew'
	@echo 'make lock        renew the locks from pyproject.toml'
	@echo 'make schemas     write schemas/ from the record types'
	@echo 'make docs        build the documentation into site-docs/'
	@echo 'make man         write the manual pages into build/man/'

edition: $(READY)
	$(BIN)/newsrepo --quiet init --pin  # whose votes count: statements are printed only with it
	$(BIN)/newsrepo build --all -o site
	@echo 'Open site/index.html in a browser, or run: $(BIN)/newsrepo serve FILTER'

test: lint
	$(BIN)/pytest -n $(JOBS) --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/reuse lint --quiet || $(BIN)/reuse lint
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml $(SHIPPED)
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms newsrepo/_forge/issues/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci newsrepo/_forge/gitlab/gitlab-ci.yml
	$(BIN)/zizmor --offline --no-progress --quiet .github action.yml $(SHIPPED)

test-sites: $(READY)
	$(SITES)/setup
	NEWSREPO_TEST_SITES=1 $(BIN)/pytest -n $(JOBS) --dist worksteal $(SITES)

try: $(READY)
	$(SITES)/setup
	for part in $(PARTS); do $(BIN)/python tries/$$part.py --whole || exit 1; done

pictures: $(READY)
	$(SITES)/setup
	$(BIN)/python $(SITES)/pictures.py docs/pictures
	for part in $(PARTS); do $(BIN)/python tries/$$part.py --pictures || exit 1; done

schemas: $(READY)
	$(BIN)/python -m newsrepo.records.schemas schemas

docs: $(READY)
	$(BIN)/python tools/docs_site.py build/docs
	cd build/docs && $(CURDIR)/$(BIN)/zensical build --clean --strict
	rm -rf site-docs && mv build/docs/site site-docs
	@echo 'Open site-docs/index.html; to search it: $(BIN)/python -m http.server -d site-docs'

man: $(READY)
	$(BIN)/python tools/man_pages.py docs/cli.md build/man
	@echo 'Read one with: man -l build/man/newsrepo-find.1'

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY)
	$(BIN)/uv --version >/dev/null 2>&1 || $(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml -c requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet -o newsrepo/_forge/newsrepo.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'newsrepo needs Python 3.11 or newer: run make PYTHON=/path/to/python3.11' >&2; exit 3; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo 'Python could not make a virtual environment; on Debian: apt install python3-venv' >&2; exit 3; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) site site-docs build dist
