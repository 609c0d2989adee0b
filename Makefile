# make run: open the sample project.  make test: everything CI checks.  Needs Python 3.11–3.13 and make, nothing else.
# make effort GOLD=DIR: keys and clicks per correction; DIR holds wikigold/ and uner_en_pud/ (default: an excerpt).
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
UV ?= uv

QT := libglib2.0-0 libgl1 libegl1 libfontconfig1 libxkbcommon0 libdbus-1-3
XCB := libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-randr0 \
       libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libx11-xcb1
TEST_ONLY := xvfb xdotool git dbus at-spi2-core python3-gi gir1.2-atspi-2.0

.PHONY: run test bench effort fuzz access lock format clean

run: $(VENV)/.run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		sh .ci/system-packages.sh $(QT) $(XCB); $(BIN)/python -m annotator demo; \
	else \
		sh .ci/system-packages.sh $(QT); \
		echo "There is no display: doing the whole job without a window (annotator demo --headless)."; \
		$(BIN)/python -m annotator demo --headless; \
	fi

test: $(VENV)/.test
	@sh .ci/system-packages.sh $(QT) $(XCB) $(TEST_ONLY)
	@$(BIN)/python -c 'import PySide6.QtGui' || { echo "Install what is named above, then: make test" >&2; exit 1; }
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

bench: $(VENV)/.test
	@sh .ci/system-packages.sh $(QT)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/benchmarks -o addopts="" --benchmark-columns=min,median,max,rounds

GOLD ?= tests/data/gold
effort: $(VENV)/.test
	@sh .ci/system-packages.sh $(QT)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks.effort --gold "$(GOLD)" $(EFFORT)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks.adjudication_effort

fuzz: $(VENV)/.test
	QT_QPA_PLATFORM=offscreen HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest tests/property tests/formats tests/store tests/gui/test_stateful.py

# A client of AT-SPI asks anything of the window for ten minutes while keys are pressed.
access: $(VENV)/.test
	@sh .ci/system-packages.sh $(QT) $(XCB) $(TEST_ONLY)
	ANNOTATOR_STORM_S=600 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "" tests/gui/test_accessible.py

# One stamp each: the second run starts at once.
$(VENV)/.run: requirements.lock
	sh .ci/make-venv.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.test: requirements.lock tests/requirements.lock
	sh .ci/make-venv.sh $(VENV) requirements.lock tests/requirements.lock
	@touch $@ $(VENV)/.run

LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
        --custom-compile-command "make lock"
lock:
	$(LOCK) pyproject.toml -c .ci/pins.txt -o requirements.lock
	$(LOCK) tests/requirements.in -c requirements.lock -o tests/requirements.lock

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks .import_linter_cache
