# The two commands a newcomer needs are `make run` and `make test`. Go, make and git are enough for both.
GO      ?= go
BIN     ?= bin/keyhole
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
FLAGS    = -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=$(VERSION)"
TARGETS  = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
FUZZTIME ?= 5s
N       ?= 1000000

.PHONY: help build run test check bench soak clients screens dist generate race fuzz lint clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## bin/keyhole
	CGO_ENABLED=0 $(GO) build $(FLAGS) -o $(BIN) ./cmd/keyhole

run: build ## build, start the app and open the browser
	$(BIN) serve --open

test: ## every test; those that need Chromium, aws or gcc are skipped by name without them
	@./.ci/test

check: ## what must hold before a change lands: format, vet, lint, generated files, race, fuzz smoke
	@./.ci/check

bench: ## measure: answers, PUT and GET, policy decisions, pages, start-up, memory, size
	@./.ci/bench

soak: ## N requests at half load: memory, goroutines and file descriptors come back
	$(GO) run ./.ci/benchmark/soak -n $(N)

clients: build ## the real aws CLI and boto3, then curl, JavaScript, rclone, restic and s3cmd
	@./.ci/clients
	@./.ci/clients-others

screens: ## every page in every theme and size in real Chromium, with axe
	KEYHOLE_SCREENS=all KEYHOLE_REQUIRE=browser $(GO) test -count=1 -run 'InABrowser' ./cmd/keyhole

dist: ## static binaries for six targets, checksums and an SBOM, in dist/
	@VERSION="$(VERSION)" TARGETS="$(TARGETS)" ./.ci/dist

generate: ## compile content, assets and templates again
	$(GO) generate ./...

lint: ## golangci-lint, pinned in .ci/tools
	cd .ci/tools && $(GO) build -o ../../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	bin/golangci-lint run ./...

race: ## the race detector over everything that has a lock (needs gcc)
	CGO_ENABLED=1 $(GO) test -race -count=1 ./simulator/... ./labs/... ./quiz/... ./content/... ./web/... ./cmd/...

fuzz: ## every fuzz target for FUZZTIME
	@FUZZTIME=$(FUZZTIME) ./.ci/fuzz

clean:
	rm -rf bin dist
