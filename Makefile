# What you can do here; each target is one script. Everything they make lies in bin/, data/, .tools/ or a temporary folder.
SHELL := /bin/bash
export GOFLAGS := $(GOFLAGS) -buildvcs=false

.PHONY: run test check build bench vuln image tools
.DEFAULT_GOAL := build

run: build ## build, migrate, load the example case on first start, serve on a local port
	@scripts/run.sh

test: tools ## everything: static checks, then the whole suite with the race detector on SQLite and on MariaDB
	@scripts/static.sh && scripts/test.sh

check: tools ## the quick gate: static checks and the suite on SQLite
	@scripts/static.sh && go test ./...

build: ## the static binary bin/recourse
	@scripts/build.sh

bench: tools build ## measured figures, with the machine named; ARGS="-only report" for a part
	@scripts/bench.sh $(ARGS)

vuln: tools ## known vulnerabilities in what we use; VULNDB=file:///folder where the network is closed
	@scripts/vuln.sh

image: build ## the container image, from the binary alone
	@scripts/image.sh

tools: ## installs what the tests need and this machine lacks
	@scripts/tools.sh
