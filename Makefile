# SPDX-License-Identifier: Apache-2.0
# Every target works alone and with an empty environment but PATH and HOME.

SHELL := /bin/bash
.DEFAULT_GOAL := help

CONFIG ?= Debug
config := $(shell echo '$(CONFIG)' | tr '[:upper:]' '[:lower:]')
bin := artifacts/bin

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
ifneq ($(strip $(ENVOY_BIN)),)
export ENVOY_BIN
endif

.PHONY: help sdk build test lint generate golden check bench bench-xds e2e fuzz explore run run-kube envoy-api

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

sdk:
	@scripts/require-sdk.sh

build: sdk ## compile everything; a warning is an error
	@scripts/quiet.sh build.log dotnet build Mesh.Operator.sln -c $(CONFIG)

test: build ## all tests; the last line sums them up
	@CONFIG=$(CONFIG) scripts/test.sh

lint: sdk ## check the layout without changing anything (style rules are warnings of the build, and so errors)
	@dotnet format whitespace Mesh.Operator.sln --verify-no-changes --exclude artifacts

generate: build ## write CRDs, roles, the webhook and REFERENCE.md anew from the C# types
	@dotnet $(bin)/Mesh.Operator/$(config)/mesh-operator.dll generate --root .

golden: build ## write the expected files of the golden tests anew; read the diff before you commit it
	@UPDATE_GOLDEN=1 dotnet test test/Mesh.Tests -c $(CONFIG) --no-build --filter "FullyQualifiedName~Golden"

check: lint generate ## what CI runs: style, generated files up to date, all tests
	@git diff --exit-code -- crds config/admission config/rbac || { echo "generated files differ: commit what 'make generate' wrote"; exit 1; }
	@$(MAKE) --no-print-directory test

bench: sdk ## measure stages, changes, restarts, cold starts and streams; ARGS="changes" some of it (BENCHMARKS.md)
	@dotnet run --project test/Mesh.Benchmarks -c Release -- $(ARGS)

bench-xds: sdk ## xDS compared with other servers (needs XDS_BENCH); SERVE="--services 30 ..." only serves the mesh to measure
	@scripts/bench-xds.sh $(SERVE)

e2e: build ## tests with real processes only (they need ENVOY_BIN)
	@CONFIG=$(CONFIG) PROJECTS=test/Mesh.EndToEnd.Tests scripts/test.sh

fuzz: sdk ## bytes into the xDS sessions for FUZZ_SECONDS (60), by SEED (drawn and printed); the input of a failure is printed
	@dotnet run --project test/Mesh.Fuzz -c Release -- random --seconds $(or $(FUZZ_SECONDS),60) $(if $(SEED),--seed $(SEED))

explore: build ## the property tests with cases of a SEED (drawn and printed), TIMES (10) as many as in the tests
	@seed=$${SEED:-$$RANDOM$$RANDOM}; echo "SEED=$$seed"; MESH_EXPLORE_SEED=$$seed MESH_EXPLORE_TIMES=$(or $(TIMES),10) \
	  dotnet test test/Mesh.Tests -c $(CONFIG) --no-build --filter "FullyQualifiedName~PropertyTests|FullyQualifiedName~IncrementTests"

run: sdk ## the sample mesh with a real Envoy, traffic and a live table; ARGS=--once checks it unattended
	@scripts/quiet.sh build.log dotnet build test/Mesh.Sample -c $(CONFIG)
	@exec dotnet $(bin)/Mesh.Sample/$(config)/mesh-sample.dll run $(ARGS)

run-kube: sdk ## the sample mesh on a Kubernetes API server (KUBEBUILDER_ASSETS) with kubectl's view; ARGS=--once checks it unattended
	@scripts/quiet.sh build.log dotnet build test/Mesh.Sample -c $(CONFIG)
	@exec dotnet $(bin)/Mesh.Sample/$(config)/mesh-sample.dll kube $(ARGS)

envoy-api: sdk ## write Envoy's API anew from an Envoy binary: ENVOY_BIN=...
	@test -x "$(ENVOY_BIN)" || { echo 'name an Envoy: make envoy-api ENVOY_BIN=/path/to/envoy'; exit 2; }
	@dotnet run --project xds/Envoy.Api.Extractor -- --envoy "$(ENVOY_BIN)" --output xds/Envoy.Api/envoy-1.40.0.binpb
