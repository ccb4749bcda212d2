# make help      what there is
# make demo      see it work: three nodes, real data
# make test      everything that the continuous integration checks

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Go writes tag and commit into the program, where git can tell them.
STAMP    := $(shell git rev-parse HEAD >/dev/null 2>&1 && echo auto || echo false)
SEEDS    ?= 2000
FUZZTIME ?= 30s
BENCHTIME ?= 1s
COUNT    ?= 1

# -trimpath has a build cache of its own, so it is set here for every command
# or for none. Without cgo the program is one static file, and a machine with a
# C compiler builds the same one as a machine without.
export GOFLAGS     := $(strip $(shell go env GOFLAGS) -trimpath)
export CGO_ENABLED := 0

TOOLS := scripts/tools

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-10s %s\n", $$1, $$2 }'

## The program

.PHONY: build
build: ## the program, as bin/minga
	go build -buildvcs=$(STAMP) -o bin/minga ./cmd/minga

.PHONY: run
run: build ## one node for real use; its data is in ~/.local/share/minga
	scripts/run.sh

.PHONY: demo
demo: build ## three nodes on this machine share 2,808 real contributions
	scripts/demo.sh

## Checks

.PHONY: test
test: format vet lint generated unit story partition ## everything: what the continuous integration runs

.PHONY: format
format: ## is every file as gofmt writes it?
	@wrong=$$("$$(go env GOROOT)/bin/gofmt" -l .); \
	if [ -n "$$wrong" ]; then printf 'not as gofmt writes it (gofmt -w mends it):\n%s\n' "$$wrong" >&2; exit 1; fi

.PHONY: vet
vet:
	go vet ./...
	cd $(TOOLS) && go vet ./...

.PHONY: lint
lint: bin/staticcheck ## staticcheck, and the order of the house
	bin/staticcheck ./...
	go test -count=1 ./scripts

.PHONY: unit
unit: ## every test, with 200 seeds of the simulator
	go test -timeout 9m ./...

.PHONY: race
race: ## the tests with the race detector, and 20 seeds (needs a C compiler)
	@command -v "$$(go env CC)" >/dev/null || { echo "make race needs a C compiler (Debian: apt install gcc)" >&2; exit 1; }
	CGO_ENABLED=1 go test -race -timeout 20m $$(go list ./... | grep -v /node/sim)
	CGO_ENABLED=1 go test -race -timeout 20m ./node/sim -seeds 20

.PHONY: sim
sim: ## the simulator: make sim SEEDS=2000, or SEED=42 for one again
	scripts/sim.sh "$(SEEDS)" "$(SEED)"

.PHONY: fuzz
fuzz: ## every fuzz target for a while: make fuzz FUZZTIME=30s
	scripts/fuzz.sh "$(FUZZTIME)"

.PHONY: bench
bench: ## the benchmarks, in the form that benchstat reads
	scripts/bench.sh "$(BENCHTIME)" "$(COUNT)"

.PHONY: partition
partition: build ## three nodes in network namespaces, one cut off and healed (needs root and iproute2)
	scripts/partition.sh

.PHONY: story
story: build ## the demo, without waiting at its end
	DEMO_EXIT=1 scripts/demo.sh

## Generated code

.PHONY: generate
generate: bin/protogen bin/protoc-gen-go bin/gqlgen ## write the Go code of proto/ and of the GraphQL schema, and the table of units
	bin/protogen -plugin bin/protoc-gen-go
	scripts/graphql.sh
	go generate ./ledger/rules/unit

.PHONY: generated
generated: bin/protogen bin/protoc-gen-go bin/gqlgen
	bin/protogen -check -plugin bin/protoc-gen-go
	scripts/graphql.sh check

.PHONY: verify
verify: generated ## are generated code and modules what they should be? with protoc too, if there is one
	go mod verify
	scripts/verify.sh

bin/staticcheck: $(TOOLS)/go.mod $(TOOLS)/go.sum
	cd $(TOOLS) && go build -o ../../$@ honnef.co/go/tools/cmd/staticcheck

bin/protoc-gen-go: $(TOOLS)/go.mod $(TOOLS)/go.sum
	cd $(TOOLS) && go build -o ../../$@ google.golang.org/protobuf/cmd/protoc-gen-go

bin/gqlgen: $(TOOLS)/go.mod $(TOOLS)/go.sum
	cd $(TOOLS) && go build -o ../../$@ github.com/99designs/gqlgen

bin/protogen: $(TOOLS)/go.mod $(TOOLS)/go.sum $(wildcard $(TOOLS)/protogen/*.go)
	cd $(TOOLS) && go build -o ../../$@ ./protogen

.PHONY: clean
clean: ## remove what was built
	rm -rf bin
