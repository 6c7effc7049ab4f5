#!/usr/bin/env bash
# Builds, runs and tests ldapedge.
#
#   ./build.sh                      builds all into dist/
#   ./build.sh run [--listen ADDR]  builds, then serves the demo directory and the viewer on http://127.0.0.1:8389/
#   ./build.sh test                 sets up what the tests need and runs them all
#   ./build.sh bench [NAME...]      measures side by side with peers (NAME: schema, formatters, pool, search, decode, inflight, bridge, worker)
#   ./build.sh fuzz [FOR [PACKAGE...]]
#                                   fuzzes each target, or those of packages, for a time or number of inputs (10m, 5000x)
#   ./build.sh faults [FLAG...]     tries pools out with servers that fail, python ldap3's beside (-beat 5s, -clients 50)
#   ./build.sh soak                 tries the connector out with 1,000 sessions at once, and clients that read 50,000 people,
#                                   the browser module with 1,000 schemas, one after the other, and the Worker for a minute
#   ./build.sh size                 builds, then writes docs/module-size.md anew
#   ./build.sh pictures             builds, then takes the pictures of docs/viewer.md anew
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. build/lib.sh

usage() {
	sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' build.sh >&2
	exit 2
}

case "${1:-all}" in
all)
	[ $# -le 1 ] || usage
	build_all
	;;
run)
	shift
	build_all
	exec dist/ldapedge serve --demo "$@"
	;;
test)
	[ $# -eq 1 ] || usage
	. build/test.sh
	;;
bench)
	shift
	need_go
	bench_all "$@"
	;;
fuzz)
	shift
	[ $# -gt 0 ] || set -- 10m
	need_go
	fuzz_all "$@"
	;;
faults)
	shift
	need_go
	need_servers
	(cd integration && go run ./cmd/faults "$@")
	;;
soak)
	[ $# -eq 1 ] || usage
	need_go
	need_servers
	need_package "command -v chromium && command -v chromium-headless-shell" chromium chromium-headless-shell fonts-dejavu-core
	build_all
	(cd integration && go build -o ../.cache/bin/testserver ./cmd/testserver)
	(cd integration && go test -race -count=1 -v -timeout 20m -run 'Many|ShutdownUnderLoad|ClientsThroughProxy' .)
	LOADS=1000 node --test --test-reporter=spec integration/browser/memory.test.mjs
	NODE_OPTIONS=--experimental-websocket SECONDS=60 node --test --test-reporter=spec integration/worker/mixed.test.mjs
	;;
pictures)
	[ $# -eq 1 ] || usage
	need_package "command -v chromium-headless-shell" chromium-headless-shell fonts-dejavu-core
	build_all
	node integration/browser/pictures.mjs
	;;
size)
	[ $# -eq 1 ] || usage
	build_all
	module_size --write ../docs/module-size.md
	;;
*) usage ;;
esac
