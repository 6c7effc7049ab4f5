# All tests. Sourced by build.sh, in the repository's root. Goes on after a
# failure, and ends with the summary of each part.
# shellcheck shell=bash

need_go
need_node
need_servers
need_package "command -v chromium" chromium fonts-dejavu-core
need_package "command -v firefox-esr" firefox-esr
need_package "command -v plantuml" plantuml
mkdir -p .cache/bin .cache/log .cache/passed
tools=$PWD/.cache/bin
say "building the tools"
(cd build/tools && go build -o "$tools/" honnef.co/go/tools/cmd/staticcheck gotest.tools/gotestsum)

failed=()
summary=()

# part NAME COMMAND...: runs a part of the tests, keeps its log, and leaves its
# status in $status. It succeeds always, and must not be part of a condition or of
# a list with && or ||: bash would then ignore set -e in all that it calls.
part() {
	local name=$1 begin=$SECONDS
	shift
	say "$name"
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
	summarize "$name"
}

# summarize NAME: takes the runner's own closing lines from a part's log.
summarize() {
	local line
	while IFS= read -r line; do
		summary+=("  $line")
	done < <(grep -E '^(DONE |# (tests|pass|fail|skipped) |ℹ (tests|pass|fail|skipped) )' ".cache/log/$1.log")
}

# part_of NAME FILES COMMAND...: the same, but not again while the files, one
# folder or pattern a word, are what they were when the part last passed: go
# test does so for its own, and does not know of servers and browsers.
part_of() {
	local name=$1 files=$2 now
	shift 2
	# shellcheck disable=SC2086
	now=$(git ls-files -z --cached --others --exclude-standard -- $files | sort -z | xargs -0 sha256sum | sha256sum)
	if [ "$(cat ".cache/passed/$name" 2>/dev/null)" = "$now" ]; then
		say "$name (cached: nothing of it has changed since it passed; remove .cache to run it all)"
		summary+=("$name: passed (cached)")
		summarize "$name"
		return
	fi
	part "$name" "$@"
	[ "$status" -ne 0 ] || echo "$now" >".cache/passed/$name"
}

gotest() { "$tools/gotestsum" --format pkgname --hide-summary=skipped -- "$@"; }

# wasm COMMAND...: the same for js/wasm.
wasm() { GOOS=js GOARCH=wasm "$@"; }

# The packages that browsers and edge functions run, but for the entry points.
pure_packages() { wasm go list ./... | grep -E '/(tunnel|ldif|dn|schemajson|formatters|server|pool|ldap|wasm/facade)(/|$)' | grep -v /gen$; }

formatting() {
	local unformatted
	unformatted=$(git ls-files -z '*.go' | xargs -0 gofmt -l)
	[ -z "$unformatted" ] || die "gofmt would change: $unformatted"
	npx biome check --error-on-warnings .
	npx tsc -p wasm/npm/tsconfig.test.json
	npx tsc -p www/tsconfig.json
	npx tsc -p integration/browser/tsconfig.json
	npx tsc -p integration/npm/tsconfig.json
	npx tsc -p integration/consumers/tsconfig.json
}

static() {
	go vet ./...
	"$tools/staticcheck" ./...
	# native/ is for other targets.
	wasm go vet $(pure_packages) ./wasm/...
	wasm go vet -tags small ./wasm/...
	wasm "$tools/staticcheck" $(pure_packages) ./wasm/...
	local module
	for module in integration bench; do
		(cd "$module" && go vet ./... && "$tools/staticcheck" ./...)
	done
}

unit() { gotest -race ./...; }
unit_wasm() { wasm gotest -short -exec "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" $(pure_packages); }
# With fewer sessions and people than build.sh soak has.
servers() {
	cd integration
	gotest -race -short -count=1 ./...
}
fuzz_smoke() { fuzz_all 4000x; }

# The benchmarks run, and say something; how fast is for build.sh bench.
bench_smoke() { BENCH_ROUNDS=1 bench_all; }

browser() {
	(cd integration && go build -o ../.cache/bin/testserver ./cmd/testserver)
	node --test --test-reporter=spec integration/browser/*.test.mjs
}

# npm_package: the package as it is published, in Node.
npm_package() { node --test --test-reporter=spec integration/npm/*.test.mjs; }

# consumers: what convert writes is read by those that it is for. The tests wait
# for compilers and browsers, one at a time unless told otherwise.
consumers() {
	(cd integration && go run ./cmd/written ../.cache/written consumers/odd.ldif)
	node --test --test-concurrency=2 --test-reporter=spec integration/consumers/*.test.mjs
}

go='*.go go.mod go.sum integration/go.mod integration/go.sum'
part build build_all
part formatting formatting
part static static
part unit unit
part unit-wasm unit_wasm
part_of servers "$go native wasm schemajson formatters server ldap integration" servers
part_of bench-smoke "$go bench schemajson formatters" bench_smoke
part_of fuzz-smoke "$go" fuzz_smoke
part_of npm "$go wasm schemajson ldap formatters integration/npm integration/browser package-lock.json build" npm_package
part_of browser "$go wasm www native integration package-lock.json build" browser
part_of consumers "schemajson ldif native/source integration/cmd/written integration/consumers integration/browser/browser.mjs package-lock.json build" consumers
part size module_size

say "summary"
printf '%s\n' "${summary[@]}"
if [ ${#failed[@]} -gt 0 ]; then
	printf 'failed: %s\n' "${failed[*]}"
	exit 1
fi
