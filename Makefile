# Builds, tests and installs weave. `make help` lists the targets.

SWIFT   ?= swift
PREFIX  ?= /usr/local
DESTDIR ?=

# A static Swift runtime makes the installed program independent of the toolchain; macOS brings its own.
ifeq ($(shell uname -s),Linux)
RELEASE_FLAGS := --static-swift-stdlib
endif

# A test that needs one of these is skipped where it cannot be installed.
TEST_PROGRAMS := sshd ssh nginx fcgiwrap gpg

SOURCES := $(shell find Sources -type f 2>/dev/null) Package.swift
STAGE   := .build/stage

bindir  = $(DESTDIR)$(PREFIX)/bin
bashdir = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
zshdir  = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
fishdir = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
mandir  = $(DESTDIR)$(PREFIX)/share/man/man1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help bootstrap build release release-bench demo bench bench-sharing bench-workspace bench-private bench-resolver bench-pipeline agreement fuzz faults compatibility lint \
        test writers stage install clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

bootstrap: ## Install libgit2, pkg-config and git where they are missing
	@Scripts/bootstrap.sh

build: bootstrap ## Build everything, for debugging
	$(SWIFT) build

release: bootstrap ## Build an optimised weave
	$(SWIFT) build -c release --product weave $(RELEASE_FLAGS)

demo: release ## Build weave and run its main job on repositories made in ./demo
	@WEAVE="$$($(SWIFT) build -c release --show-bin-path)/weave" Scripts/demo.sh

release-bench: release
	$(SWIFT) build -c release --product weave-bench $(RELEASE_FLAGS)

BENCH_PROGRAMS = bin="$$($(SWIFT) build -c release --show-bin-path)" && WEAVE="$$bin/weave" WEAVE_BENCH="$$bin/weave-bench"

bench: release-bench ## Build weave and measure it beside stock Git and other solvers (Docs/benchmarks.md)
	@Scripts/bootstrap.sh hyperfine jq python3 ssh sshd
	@$(BENCH_PROGRAMS) Scripts/bench.sh
	@$(BENCH_PROGRAMS) Scripts/bench-workspace.sh
	@$(BENCH_PROGRAMS) Scripts/bench-sharing.sh
	@$(BENCH_PROGRAMS) Scripts/bench-private.sh
	@$(BENCH_PROGRAMS) Scripts/bench-resolver.sh

bench-sharing: release-bench ## Only the part of `bench` that is about push, pull and clone
	@Scripts/bootstrap.sh hyperfine jq ssh sshd
	@$(BENCH_PROGRAMS) Scripts/bench-sharing.sh

bench-workspace: release-bench ## Only the part of `bench` that is about the work of a day
	@Scripts/bootstrap.sh hyperfine jq python3
	@$(BENCH_PROGRAMS) Scripts/bench-workspace.sh

bench-private: release ## Only the part of `bench` that is about fetching beside a private project
	@Scripts/bootstrap.sh hyperfine jq
	@$(BENCH_PROGRAMS) Scripts/bench-private.sh

bench-pipeline: release ## Only the part of `bench` that is about what pipelines ask
	@Scripts/bootstrap.sh hyperfine jq strace python3
	@$(BENCH_PROGRAMS) Scripts/bench-pipeline.sh

bench-resolver: release-bench ## Only the part of `bench` that is about resolving
	@Scripts/bootstrap.sh hyperfine jq python3
	@$(BENCH_PROGRAMS) Scripts/bench-resolver.sh

agreement: release-bench ## Judge 300 random resolutions by another solver
	@Scripts/bootstrap.sh python3
	@$(BENCH_PROGRAMS) Scripts/agreement.sh 300

FUZZ_RUNS ?= 2500000

fuzz: bootstrap ## Let libFuzzer try to break each reader, FUZZ_RUNS (2,500,000) times (Docs/design/fuzzing.md)
	@Scripts/fuzz.sh $(FUZZ_RUNS)

faults: bootstrap ## Let each system call of each reading command fail once, damage each file of a store, and kill each changing command at each change
	$(SWIFT) build --build-tests
	WEAVE_FAULTS=all $(SWIFT) test --skip-build --filter 'CallFaultTests|FileFaultTests|CallKillTests'

compatibility: release ## Build weave 0.1.0, and let it and this one live beside each other over one hub (Docs/sharing.md)
	@Scripts/bootstrap.sh jq
	@WEAVE="$$($(SWIFT) build -c release --show-bin-path)/weave" Scripts/compatibility.sh

lint: ## Look for what no test shows: shellcheck on every script
	@Scripts/bootstrap.sh shellcheck
	@Scripts/lint.sh

test: ## Build everything and run every test
	@Scripts/bootstrap.sh --if-possible $(TEST_PROGRAMS)
	$(SWIFT) build
	SWIFT=$(SWIFT) Scripts/test.sh

writers: bootstrap ## Let 50 clones link and push 20 times each, all at once
	$(SWIFT) build
	WEAVE_TEST_CLONES=50 WEAVE_TEST_PUSHES=20 $(SWIFT) test --filter ManyWritersTests

stage: $(STAGE)/complete ## Build what `make install` copies, as yourself (then: sudo make install)

# The manual and the completions are generated from the commands themselves.
# Once they stand, installing needs no toolchain, so that root need not have one.
$(STAGE)/complete: $(SOURCES)
	@Scripts/bootstrap.sh
	$(SWIFT) build -c release --product weave $(RELEASE_FLAGS)
	rm -rf $(STAGE)
	mkdir -p $(STAGE)/man
	cp "$$($(SWIFT) build -c release --show-bin-path)/weave" $(STAGE)/weave
	strip $(STAGE)/weave
	$(STAGE)/weave --generate-completion-script bash > $(STAGE)/weave.bash
	$(STAGE)/weave --generate-completion-script zsh > $(STAGE)/_weave
	$(STAGE)/weave --generate-completion-script fish > $(STAGE)/weave.fish
	rm -rf .build/plugins/GenerateManual/outputs
	$(SWIFT) package plugin generate-manual --multi-page --configuration debug
	cp .build/plugins/GenerateManual/outputs/weave/*.1 $(STAGE)/man/
	echo '.so man1/weave.1' > $(STAGE)/man/git-weave.1
	touch $@

install: stage ## Install to PREFIX (/usr/local), under DESTDIR: weave, git-weave, completions, manual
	install -d $(bindir) $(bashdir) $(zshdir) $(fishdir) $(mandir)
	install -m 755 $(STAGE)/weave $(bindir)/weave
	ln -sf weave $(bindir)/git-weave
	install -m 644 $(STAGE)/weave.bash $(bashdir)/weave
	install -m 644 $(STAGE)/_weave $(zshdir)/_weave
	install -m 644 $(STAGE)/weave.fish $(fishdir)/weave.fish
	install -m 644 $(STAGE)/man/*.1 $(mandir)/

clean: ## Remove what was built and the demo
	rm -rf .build .build-fuzz demo
