# All tests. Sourced by build.sh, in the repository's root. Goes on after a
# failure, and ends with the summary of each part.
# shellcheck shell=bash

need_go
need_node
need_peers
need_package "command -v chromium && command -v chromium-headless-shell" chromium chromium-headless-shell fonts-dejavu-core
need_package "command -v firefox-esr" firefox-esr
need_package "command -v plantuml" plantuml
mkdir -p .cache/bin .cache/log .cache/passed
tools=$PWD/.cache/bin
say "building the tools"
(cd build/tools && go build -o "$tools/" honnef.co/go/tools/cmd/staticcheck gotest.tools/gotestsum)

# The summary of the parts that have been run, one file each, in their order.
rm -rf .cache/summary
mkdir .cache/summary

# part NAME COMMAND...: runs a part of the tests, keeps its log and what there is to
# say of it, and leaves its status in $status. It succeeds always, and must not be
# part of a condition or of a list with && or ||: bash would then ignore set -e in
# all that it calls.
part() {
	local name=$1 begin=$SECONDS
	shift
	say "$name"
	set +e
	(
		set -e
		"$@"
	) 2>&1 | tee ".cache/log/$name.log" | sed -u "s/^/$name: /"
	status=${PIPESTATUS[0]}
	set -e
	if [ "$status" -eq 0 ]; then
		summarize "$name" "passed in $((SECONDS - begin)) s"
	else
		summarize "$name" "FAILED after $((SECONDS - begin)) s"
	fi
}

# summarize NAME HOW: notes how a part went, with the runner's own closing lines.
summarize() {
	{
		echo "$1: $2"
		grep -E '^(DONE |# (tests|pass|fail|skipped) |ℹ (tests|pass|fail|skipped) )' ".cache/log/$1.log" | sed 's/^/  /'
	} >".cache/summary/$1" || true
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
		summarize "$name" "passed (cached)"
		return
	fi
	part "$name" "$@"
	[ "$status" -ne 0 ] || echo "$now" >".cache/passed/$name"
}

# Part static vets.
gotest() { "$tools/gotestsum" --format pkgname --hide-summary=skipped -- -vet=off "$@"; }

# wasm COMMAND...: the same for js/wasm.
wasm() { GOOS=js GOARCH=wasm "$@"; }

# The packages that browsers and edge functions run, but for the entry points.
pure_packages() { wasm go list ./... | grep -E '/(tunnel|ldif|dn|schemajson|formatters|server|pool|ldap|wasm/facade|wasm/edge)(/|$)' | grep -v /gen$; }

formatting() {
	local unformatted
	unformatted=$(git ls-files -z '*.go' | xargs -0 gofmt -l)
	[ -z "$unformatted" ] || die "gofmt would change: $unformatted"
	npx biome check --error-on-warnings .
	npx tsc -p wasm/npm/tsconfig.test.json
	npx tsc -p wasm/worker/tsconfig.json
	npx tsc -p www/tsconfig.json
	npx tsc -p integration/browser/tsconfig.json
	npx tsc -p integration/npm/tsconfig.json
	npx tsc -p integration/worker/tsconfig.json
	npx tsc -p integration/consumers/tsconfig.json
}

static() {
	go vet ./...
	"$tools/staticcheck" ./...
	# native/ is for other targets.
	wasm go vet $(pure_packages) ./wasm/...
	wasm go vet -tags small ./wasm/...
	wasm go vet -tags forced ./wasm/worker
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
	gotest -race -short -count=1 -timeout 15m ./...
}
fuzz_smoke() { fuzz_all 1000x; }

# The benchmarks run, and say something; how fast is for build.sh bench.
bench_smoke() { BENCH_ROUNDS=1 bench_all; }

# The tests in Chromium and Firefox. How fast the page is, is measured first, while
# nothing else runs; the others wait for pages much of the time.
browser() {
	(cd integration && go build -o ../.cache/bin/testserver ./cmd/testserver)
	local speed=integration/browser/speed.test.mjs others=() file
	for file in integration/browser/*.test.mjs; do
		[ "$file" = "$speed" ] || others+=("$file")
	done
	# Node 20 has its WebSocket behind the flag.
	export NODE_OPTIONS=--experimental-websocket
	node --test --test-timeout=120000 --test-reporter=spec "$speed"
	node --test --test-timeout=240000 --test-concurrency=2 --test-reporter=spec "${others[@]}"
}

# npm_package: the package as it is published, in Node.
npm_package() { node --test --test-reporter=spec integration/npm/*.test.mjs; }

# worker: the Worker as it is deployed, in workerd, and one that forces faults. The
# tests wait for servers and for workerd to start, much of the time.
worker() {
	(cd integration && go build -o ../.cache/bin/testserver ./cmd/testserver)
	node --test --test-timeout=240000 --test-concurrency=2 --test-reporter=spec integration/worker/*.test.mjs
}

# consumers: what convert writes is read by those that it is for. The tests wait
# for compilers and browsers, one at a time unless told otherwise.
consumers() {
	(cd integration && go run ./cmd/written ../.cache/written consumers/odd.ldif)
	node --test --test-concurrency=2 --test-reporter=spec integration/consumers/*.test.mjs
}

go='*.go go.mod go.sum integration/go.mod integration/go.sum'
part build build_all
part formatting formatting
# The servers' tests wait for servers most of the time: others run beside them, in two rows.
part_of servers "$go native wasm schemajson formatters server ldap integration" servers &
(
	part static static
	part unit unit
	part unit-wasm unit_wasm
	part_of npm "$go wasm schemajson ldap formatters integration/npm integration/browser package-lock.json build" npm_package
	part_of consumers "schemajson ldif native/source integration/cmd/written integration/consumers integration/browser/browser.mjs package-lock.json build" consumers
) &
(
	part_of bench-smoke "$go bench schemajson formatters wasm package-lock.json build" bench_smoke
	part_of fuzz-smoke "$go build" fuzz_smoke
	part_of worker "$go wasm native pool ldap tunnel schemajson formatters integration/worker integration/browser integration/testserver integration/cmd package-lock.json build" worker
) &
wait
part_of browser "$go wasm www native integration package-lock.json build" browser
part size module_size

say "summary"
for name in build formatting static unit unit-wasm servers bench-smoke fuzz-smoke consumers npm worker browser size; do
	cat ".cache/summary/$name"
done
failed=$(cd .cache/summary && grep -l '^[a-z-]*: FAILED' -- * || true)
if [ -n "$failed" ]; then
	printf 'failed: %s\n' "${failed//$'\n'/ }"
	exit 1
fi
