# Everything happens in .venv; the raw commands stand in README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check prove pictures bench words lock wheel

run: .venv/ready  ## the portal with a demo office, on 127.0.0.1:8000
	$(BIN)/portal migrate
	$(BIN)/portal demo --if-empty
	$(BIN)/portal serve

test: .venv/ready-to-test  ## the first tier: about five minutes on two cores
	$(BIN)/pytest -n 2

check: .venv/ready-to-test  ## style and types
	$(BIN)/ruff check
	$(BIN)/mypy

prove: .venv/ready-to-test  ## the slow proofs, an hour and more; their counts go to docs/proofs.md (as root: a small disk is mounted)
	$(BIN)/python -m tests.prove

pictures: .venv/ready-to-test  ## the main pages as they look, into docs/images; needs chromium
	$(BIN)/python -m tests.screenshots

bench: .venv/ready-to-test .venv-bench/ready  ## every budget beside what it is compared to, into docs/performance.md: about twenty minutes; FIGURES="…" for some, BENCH="--million" (an hour more, 15 GB), BENCH="--ten-million" (most of a day, 150 GB)
	$(BIN)/python -m bench $(FIGURES) $(BENCH)

words: .venv/ready  ## collect the sentences, bring translations/en up to date, compile it
	$(BIN)/pybabel -q extract --no-wrap --sort-output --no-location -F pyproject.toml -k say -o .venv/messages.pot portal templates
	$(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --ignore-obsolete -l en -i .venv/messages.pot -d translations
	$(BIN)/pybabel -q compile -d translations

lock: .venv/ready-to-test  ## work the locks out again from pyproject.toml; needs uv
	uv pip compile -q pyproject.toml $(LOCK) --extra checkout -o requirements.lock
	uv pip compile -q pyproject.toml $(LOCK) --extra checkout --extra test -o requirements-test.lock

LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

wheel: .venv/ready-to-test
	$(BIN)/python -m build --wheel --no-isolation

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/ready-to-test: .venv/ready requirements-test.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@

# what the portal is compared to has dependencies of its own, which must not meet ours; not locked: nothing of it is shipped
.venv-bench/ready: pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"], sep="\n")' > .venv-bench/wanted
	.venv-bench/bin/pip install --quiet --disable-pip-version-check -r .venv-bench/wanted || echo "Datasette could not be installed: its figures will say so"
	touch $@
