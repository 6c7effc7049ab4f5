# All tests. Sourced by build.sh, in the repository's root. Goes on after a
# failure, and ends with the summary of each part.
# shellcheck shell=bash

need_go
need_node
need_package slapd slapd
need_package ldapsearch ldap-utils
need_package chromium chromium fonts-dejavu-core
mkdir -p .cache/bin .cache/log
tools=$PWD/.cache/bin
say "building the tools"
(cd build/tools && go build -o "$tools/" honnef.co/go/tools/cmd/staticcheck gotest.tools/gotestsum)

failed=()
summary=()

# part NAME COMMAND...: runs a part of the tests and keeps its log.
part() {
	local name=$1 begin=$SECONDS status line
	shift
	say "$name"
	# In a condition bash would ignore set -e inside the part.
	set +e
	(
		set -e
		"$@"
	) 2>&1 | tee ".cache/log/$name.log"
	status=${PIPESTATUS[0]}
	set -e
	if [ "$status" -eq 0 ]; then
		summary+=("$name: passed in $((SECONDS - begin)) s")
	else
		failed+=("$name")
		summary+=("$name: FAILED after $((SECONDS - begin)) s")
	fi
	while IFS= read -r line; do
		summary+=("  $line")
	done < <(grep -E '^(DONE |# (tests|pass|fail|skipped) |ℹ (tests|pass|fail|skipped) )' ".cache/log/$name.log")
}

gotest() { "$tools/gotestsum" --format pkgname --hide-summary=skipped -- "$@"; }

# wasm COMMAND...: the same for js/wasm.
wasm() { GOOS=js GOARCH=wasm "$@"; }

# The packages that browsers and edge functions run, but for the entry points.
pure_packages() { wasm go list ./... | grep -E '/(tunnel|schemajson|formatters|server|pool|ldap|wasm/facade)(/|$)'; }

formatting() {
	local unformatted
	unformatted=$(git ls-files -z '*.go' | xargs -0 gofmt -l)
	[ -z "$unformatted" ] || die "gofmt would change: $unformatted"
	npx biome check --error-on-warnings .
	npx tsc -p wasm/npm/tsconfig.test.json
	npx tsc -p www/tsconfig.json
	npx tsc -p integration/browser/tsconfig.json
}

static() {
	go vet ./...
	wasm go vet ./...
	"$tools/staticcheck" ./...
	wasm "$tools/staticcheck" ./...
	cd integration
	go vet ./...
	"$tools/staticcheck" ./...
}

unit() { gotest -race ./...; }
unit_wasm() { wasm gotest -exec "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" $(pure_packages); }
servers() {
	cd integration
	gotest -race -count=1 ./...
}
fuzz_smoke() { fuzz_all 2s; }

browser() {
	(cd integration && go build -o ../.cache/bin/testserver ./cmd/testserver)
	node --test --test-reporter=spec 'integration/browser/*.test.mjs'
}

part build build_all
part formatting formatting
part static static
part unit unit
part unit-wasm unit_wasm
part servers servers
part fuzz-smoke fuzz_smoke
part browser browser
part size module_size

say "summary"
printf '%s\n' "${summary[@]}"
if [ ${#failed[@]} -gt 0 ]; then
	printf 'failed: %s\n' "${failed[*]}"
	exit 1
fi
