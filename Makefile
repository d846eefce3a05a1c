# Each target sets up what it needs: a virtual environment in .venv, from the locked requirements.txt.
# `make help` lists the targets.

VENV ?= .venv
PORT ?= 8000
# Tests that run at a time.
WORKERS ?= 2
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCKED := requirements.txt pyproject.toml
COMPILE := uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --quiet

# The first Python that is new enough; a shim that cannot run does not count.
FIND_PYTHON = for name in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python; do \
	"$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$name"; break; }; done

.DEFAULT_GOAL := help
.PHONY: help setup course book lab test prove bench accept words lock clean

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Set up the environment only

course: $(READY) ## Set up, build the course and serve it on 127.0.0.1 (Ctrl+C stops it)
	@$(BIN)/playbook build --for trainees
	@$(BIN)/playbook serve --port $(PORT)

book: $(READY) ## Build the site for trainees into _build/html and for instructors into _build/instructors
	@$(BIN)/playbook build

lab: $(READY) ## Open the exercises in JupyterLab, as a trainee gets them
	@$(BIN)/playbook lab

test: $(READY) ## Check style, build the course and run the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/playbook build
	$(PYTEST)

prove: $(READY) ## Prove what takes longer: long tests, all cities and mutants, 3,000 mutated hand-ins, 50 killed graders, closed tabs
	$(PYTEST) --long -m long
	$(BIN)/playbook validate
	$(BIN)/playbook build
	@$(MAKE) --no-print-directory -j $(WORKERS) prove-fuzz prove-fuzz-more prove-attacks prove-closings prove-trying prove-kill

# What uses one core each: side by side.
.PHONY: prove-fuzz prove-fuzz-more prove-attacks prove-closings prove-trying prove-kill
# Two halves, each into a gradebook of its own: the examples are drawn by chance.
prove-fuzz prove-fuzz-more: $(READY)
	$(BIN)/python -m tests.grading.fuzz --count 1500
prove-attacks: $(READY)
	$(BIN)/python -m tests.grading.attacks.both
prove-closings: $(READY)
	$(BIN)/python -m tests.browser.closings --count 20
prove-trying: $(READY)
	$(BIN)/python -m tests.marking.trying --cities changzhou
prove-kill: $(READY)
	$(BIN)/python -m tests.grading.kill --kills 50

bench: $(READY) ## Measure: grading, the browser edition, page weights
	@for script in benchmarks/*.py; do echo "$$script"; $(BIN)/python "$$script" || exit 1; done

accept: $(READY) ## Accept the numbers that the chapters and exercises now produce as the recorded ones
	$(BIN)/python -m playbook.site.recorded

words: $(READY) ## Gather what the kit says into the catalogue, and compile translations
	$(BIN)/python -m playbook.site.words

lock: $(READY) ## Write requirements.txt, and the trainees' own, anew from pyproject.toml
	$(BIN)/$(COMPILE) --all-extras pyproject.toml -o requirements.txt
	echo 'jupyterlab>=4.2' | $(BIN)/$(COMPILE) --no-annotate pyproject.toml - \
		-o playbook/authoring/bundle/requirements.txt

clean: ## Remove what was built; the environment and your work stay
	rm -rf _build .pytest_cache .ruff_cache .hypothesis

# Made anew when the lock changes. The lock is installed as it stands: every file is checked by its hash,
# and nothing is resolved on this machine.
$(READY): $(LOCKED)
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "This needs Python 3.11 or newer with its venv module, and none was found."; \
		echo "Install one (on Debian: apt-get install python3 python3-venv), or name yours: make PYTHON=/path/to/python3"; \
		exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$($$python --version) (once, a minute or two)"; \
	"$$python" -m venv $(VENV)
	@total=$$(grep -c '^[a-z0-9].*==' requirements.txt); \
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps -r requirements.txt > $(VENV)/setup.log 2>&1 & \
	installer=$$!; \
	while kill -0 $$installer 2>/dev/null; do \
		[ -t 1 ] && printf '\r  %s of %s packages' "$$(grep -c '^Collecting' $(VENV)/setup.log)" "$$total"; \
		sleep 1; \
	done; \
	wait $$installer || { tail -5 $(VENV)/setup.log; echo "The set-up failed; all of it is in $(VENV)/setup.log."; exit 1; }; \
	printf '\r  done: %s packages in the lock\n' "$$total"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
