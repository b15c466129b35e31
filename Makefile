# Every command of the project. `make help` lists them; CI calls the same ones.
PYTHON ?= python3
PORT ?= 8000
PULS_HOME ?= $(CURDIR)/.puls
export PULS_HOME
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
AWS_VENV ?= .venv-aws
AWS_TEMPLATES ?= cdk.out
AWS_LIMIT ?= 180
.PHONY: aws-env aws-lock aws-snapshots check-aws help setup run test test-browser screens smoke gate fuzz fuzz-files faults faults-ingest audit check format watching lock docs wheel image-desk try-wheel try-machine topologies rehearse-upgrade check-delivery openapi check-openapi licences check-licences check-workflows bench-ratio release-facts release-notes deploy roll-back canaries index-task restore-drill newer-locks study-aws study-build study-exports study check-study study-count study-demo eval eval-model bench clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## install everything into .venv

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Puls needs Python 3.11 or newer; set PYTHON=python3.x" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

run: setup ## serve the page on http://127.0.0.1:$(PORT) (sample catalogue when empty)
	$(BIN)/puls serve --host 127.0.0.1 --port $(PORT) --with-sample --desk

test: setup ## run the tests on a real PostgreSQL: side by side, then those that measure time
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile -m "not browser and not alone"
	$(BIN)/pytest -m "alone and not browser"

test-browser: setup ## try the page in Chromium (Debian's package `chromium`): journeys, lost lines, axe-core
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile -m browser tests/browser

screens: setup ## take the pictures of docs/screens again
	$(BIN)/python -m scripts.screens

smoke: setup ## the small judged set of our own, on the sample catalogue, in a database thrown away afterwards
	$(BIN)/python -m evals.sample
	$(BIN)/python -m evals.honesty

gate: setup ## our own sets on the sample catalogue beside the committed baseline; fails when worse beyond noise
	$(BIN)/python -m evals.gate

fuzz: setup ## let schemathesis look for answers that break the API's own description
	$(BIN)/python -m evals.fuzz

fuzz-files: setup ## spoil files of every kind that ingestion reads, within bounds
	$(BIN)/python -m evals.fuzz_files

faults-ingest: setup ## kill -9 of ingestion and of PostgreSQL at fifty random points, and 500 mirrors that move while they are read; the catalogue must not show it
	$(BIN)/python -m evals.faults_ingest
	$(BIN)/pytest tests/ingestion/test_moving_mirror.py --mirror-seeds 500

faults: setup ## kill, starve and flood a served Puls from outside; `make faults TRIALS="F3 F5"` for some (docs/faults.md)
	$(BIN)/python -m faults $(TRIALS)

watching: setup ## write Prometheus' rules, their tests, docs/monitoring/slo.md and Grafana's dashboards from src/puls/alerts/slo.toml
	$(BIN)/python -m scripts.make_alerts
	$(BIN)/python -m scripts.make_dashboards

audit: setup ## licences, known vulnerabilities, a bill of materials (dist/puls.cdx.json), secrets in the tree and its history
	$(BIN)/python -m scripts.audit

check: setup ## formatting, lint, types, architecture, dependencies, spelling
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/codespell

format: setup ## format and mend what can be mended by itself
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: ## resolve the dependencies again into requirements/*.txt
	$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group dev -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group study -c requirements/dev.txt -o requirements/study.txt

docs: setup ## write docs/what-puls-understands.md, docs/turn.md and examples/ten-turns.md from the code
	$(BIN)/python scripts/list_expressions.py
	$(BIN)/python -m scripts.draw_turn
	$(BIN)/python -m scripts.tell_ten_turns
	$(BIN)/python -m scripts.env_example

STUDY_LIMIT ?= 180
STUDY_TOOLS := $(VENV)/.study-tools
$(STUDY_TOOLS): requirements/study.txt $(STAMP)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/study.txt
	@touch $@

study: $(STUDY_TOOLS) ## the study: docs/etude, then PDF, slides, workbook, CSV and site into build/study; offline once its tools are there
	timeout $(STUDY_LIMIT) $(BIN)/python -m study.make all
	timeout $(STUDY_LIMIT) $(BIN)/python -m study.planned.exports

check-study: $(STUDY_TOOLS) ## what texts say is what their sources give; no typed number, no broken link, no backlog item without criteria
	$(BIN)/python -m study.check

study-count: setup ## count the code and read the schema again for the study; then `make study`
	$(BIN)/python -m study.counting

study-demo: $(STUDY_TOOLS) ## play the demonstration over real vectors and take its pictures (docs/etude/images)
	$(BIN)/python -m study.demo

eval: setup ## judge on ../shared/evals: what is understood, then the answers of Puls beside four baselines
	$(BIN)/python -m evals.understanding
	$(BIN)/python -m evals.compare

wheel: setup ## build the wheel and the sdist into dist/, twice, and require the same bytes
	$(BIN)/python -m scripts.build_wheel

image-desk: wheel ## build the image and run it with neither registry nor daemon (root; mmdebstrap, buildah, podman, runc)
	deploy/try_image.sh

try-wheel: wheel ## uv tool install of the wheel in a clean place, and the first question (PyPI)
	deploy/try_wheel.sh

try-machine: wheel ## the how-to for a machine without containers, followed in a Debian made by mmdebstrap (root; PyPI)
	deploy/try_machine.sh

topologies: setup ## run the services of compose.yaml as plain processes and ask a question through them
	$(BIN)/python -m deploy.try_topologies

rehearse-upgrade: setup ## an upgrade under traffic and its roll-back, on data of an earlier version
	$(BIN)/python -m deploy.rehearse_upgrade

# What proves the delivery without a network, in five minutes; what lacks its tool is skipped with a reason.
check-delivery: setup ## image, compose, units, manifests, workflows, stacks: everything that needs no network
	$(BIN)/python -m scripts.check_delivery

# Pipelines: .github/workflows call these, and nothing else.
openapi: setup ## write openapi.json; refuses what breaks clients (BREAK="why" for a major version)
	$(BIN)/python -m scripts.openapi write --break "$(BREAK)"

BASE ?=
export BASE
check-openapi: setup ## openapi.json is what the code says, and breaks neither itself nor that of the commit BASE
	$(BIN)/python -m scripts.openapi check --base "$$BASE"

licences: setup ## write docs/licences.md
	$(BIN)/python -m scripts.licences

check-licences: setup ## docs/licences.md is that of the locks
	$(BIN)/python -m scripts.licences --check

ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
check-workflows: setup ## workflows: zizmor, schema, actionlint (Go; skipped with a word where there is none), scripts: shellcheck
	$(BIN)/zizmor --offline --quiet .github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/shellcheck deploy/release/*.sh
	@if command -v go > /dev/null; then timeout 180 go run $(ACTIONLINT) -shellcheck $(BIN)/shellcheck && echo "actionlint: clean"; else echo "actionlint skipped: there is no Go"; fi
	$(BIN)/pytest -q tests/pipelines/test_workflows.py

bench-ratio: setup ## this commit and BASE (or the one before) served side by side; fails when clearly slower
	$(BIN)/python -m bench.ratio

TAG ?= v$(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
export TAG
release-facts: setup ## does TAG name the version, which schema is inside, are there notes
	$(BIN)/python -m scripts.release facts --tag "$$TAG"

release-notes: setup ## write dist/release-notes.md from CHANGELOG.md
	$(BIN)/python -m scripts.release notes --tag "$$TAG"

# ENVIRONMENT, URL, VERSION, IMAGE (with digest), SCHEMA come from the caller's environment, never from a shell's word-splitting.
deploy: setup ## bring IMAGE into service in ENVIRONMENT, watch it, take it back when bad (docs/how-to/release.md)
	$(BIN)/python -m deploy.releasing deploy --environment "$$ENVIRONMENT" --url "$$URL" --version "$$VERSION" --image "$$IMAGE" \
		--schema "$$SCHEMA" --prometheus "$$PROMETHEUS" $(if $(filter true,$(MAY_CHANGE_SCHEMA)),--may-change-schema)

roll-back: setup ## bring the version before the last release of ENVIRONMENT back
	$(BIN)/python -m deploy.releasing back --environment "$$ENVIRONMENT" --url "$$URL"

canaries: setup ## ask the Puls at URL the canary questions and a turn
	$(BIN)/python -m deploy.releasing.questions "$$URL"

index-task: setup ## ACTION (status, build, switch) on the index of ENVIRONMENT, as a task; INDEX: the version to switch to
	@case "$$ACTION" in \
	status) set -- index status ;; \
	build) set -- index build --fresh ;; \
	switch) set -- index switch "$$INDEX" ;; \
	*) echo "ACTION is status, build or switch"; exit 2 ;; esac; \
	exec $(BIN)/python -m deploy.releasing.tasks --environment "$$ENVIRONMENT" -- "$$@"

restore-drill: setup ## a backup is restored and compared, an upgrade rolled back under traffic
	$(BIN)/python -m faults F24
	$(BIN)/python -m deploy.rehearse_upgrade

newer-locks: setup ## what `make lock` would change today, as dist/newer-locks.patch
	deploy/release/newer_locks.sh

MODEL_URL ?= http://127.0.0.1:8081/v1
eval-model: setup ## ask the real model at MODEL_URL sixty questions (twenty through Mistral's client), then attack it and the composer
	$(BIN)/python -m evals.grounding --base-url $(MODEL_URL)
	$(BIN)/python -m evals.grounding --base-url $(MODEL_URL) --client mistral --first 20
	$(BIN)/python -m evals.attacks
	$(BIN)/python -m evals.attacks --base-url $(MODEL_URL)

bench: setup ## measure latency, recall, build time, disk and memory; then a million records ingested
	$(BIN)/python -m bench.search
	$(BIN)/python -m bench.ingest
	$(BIN)/python -m bench.understanding
	$(BIN)/python -m bench.page

aws-env: ## install CDK, cdk-nag, cfn-lint and checkov into $(AWS_VENV) (needs Node for jsii; about 1 GB)
	@command -v node >/dev/null || { echo "CDK needs Node 22 or newer on the PATH."; exit 1; }
	$(PYTHON) -m venv $(AWS_VENV)
	$(AWS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement deploy/aws/requirements.txt

aws-lock: setup ## resolve deploy/aws/requirements.in again
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header deploy/aws/requirements.in -o deploy/aws/requirements.txt

aws-snapshots: ## write tests/deploy/aws/snapshots from the templates that `make check-aws` left
	$(AWS_VENV)/bin/python -m deploy.aws.checks.summary $(AWS_TEMPLATES)

check-aws: ## the AWS stacks: made offline for three environments, cdk-nag, cfn-lint, checkov, assertions; skipped without `make aws-env`
	@if ! $(AWS_VENV)/bin/python -c 'import importlib.util as i, sys; sys.exit(i.find_spec("aws_cdk") is None)' 2>/dev/null; then \
		echo "check-aws skipped: there is no CDK environment in $(AWS_VENV); \`make aws-env\` makes it."; \
	else rm -rf $(AWS_TEMPLATES) && AWS_VENV=$(AWS_VENV) AWS_TEMPLATES=$(AWS_TEMPLATES) timeout $(AWS_LIMIT) sh deploy/aws/check.sh; fi

study-aws: ## write what the AWS templates would cost money for into the cost model (needs `make aws-env`)
	rm -rf $(AWS_TEMPLATES) && CDK_OUTDIR=$(AWS_TEMPLATES) $(AWS_VENV)/bin/python -m deploy.aws.app
	$(AWS_VENV)/bin/python -m deploy.aws.priced_copy $(AWS_TEMPLATES)

study-build: setup ## copy backlog and plan of study/ into the cost model
	$(BIN)/python -m study.planned.build_copy

study-exports: setup ## backlog, plan, risks and costs as CSV, XLSX and GitHub issues into build/study
	$(BIN)/python -m study.planned.exports

clean: ## remove what the build made (not the catalogue in .puls)
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
