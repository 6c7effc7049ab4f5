# The steps of building. Sourced by build.sh, in the repository's root.
# shellcheck shell=bash

say() { printf '== %s\n' "$*" >&2; }
die() {
	printf 'build.sh: %s\n' "$*" >&2
	exit 1
}

need_go() { command -v go >/dev/null || die "Go 1.26 is needed: https://go.dev/dl/"; }

need_node() {
	command -v node >/dev/null && command -v npm >/dev/null || die "Node 20.19 or later, with npm, is needed for the page"
	# npm ci takes seconds and deletes what is there: only when the lock file says something new.
	local stamp=node_modules/.installed
	if ! cmp -s package-lock.json "$stamp"; then
		say "installing npm packages"
		npm ci --no-audit --no-fund --loglevel=error
		cp package-lock.json "$stamp"
	fi
}

# need_package COMMAND PACKAGE...: installs Debian packages unless the command works.
need_package() {
	local command=$1
	shift
	(PATH=$PATH:/usr/sbin && eval "$command") >/dev/null 2>&1 && return
	if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
		die "the tests need what these packages of Debian's bring: apt-get install $*"
	fi
	say "installing $*"
	apt_updated=${apt_updated:-}
	[ -n "$apt_updated" ] || apt-get update -qq
	apt_updated=yes
	# Servers are not to be set up, nor started: the tests start their own.
	echo "slapd slapd/no_configuration boolean true" | debconf-set-selections
	local policy=/usr/sbin/policy-rc.d
	if [ -e "$policy" ]; then
		policy=
	else
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
	fi
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || die "cannot install $*"
	[ -z "$policy" ] || rm "$policy"
}

# need_servers: the real servers and clients that tests and benchmarks meet.
need_servers() {
	need_package "command -v slapd" slapd
	need_package "command -v ldapsearch" ldap-utils
	need_package "ls /usr/lib/*/sasl2/libscram.so" libsasl2-modules
	need_package "command -v ns-slapd" 389-ds-base
	need_package "command -v samba && command -v samba-tool" samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules
	need_package "/usr/bin/python3 -c 'import ldap3'" python3-ldap3
	need_package "command -v ip" iproute2
	need_package "command -v systemd-analyze" systemd
}

build_all() {
	need_go
	need_node
	build_npm
	build_www
	build_connector
	build_worker
}

# build_module NAME [FLAG...]: makes NAME.wasm.
build_module() {
	local name=$1
	shift
	GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' "$@" -o "wasm/npm/dist/$name.wasm" ./wasm/browser
}

# build_npm makes dist/npm: the small module and the one with all tools, Go's own glue for them, the pre-built schemas,
# the registry of OIDs, and the typed wrapper.
build_npm() {
	say "building the module and the npm package"
	rm -rf wasm/npm/dist
	npx tsc -p wasm/npm/tsconfig.json
	build_module ldapedge -tags small
	build_module toolkit
	cp "$(go env GOROOT)/lib/wasm/wasm_exec.js" wasm/npm/dist/
	mkdir wasm/npm/dist/offline
	cp schemajson/offline/data/*.json.gz schemajson/offline/NOTICE schemajson/offline/LICENSE.OpenLDAP wasm/npm/dist/offline/
	gzip -9cn schemajson/oids/registry.txt >wasm/npm/dist/oids.txt.gz
	rm -rf dist/npm
	mkdir -p dist/npm
	cp -r wasm/npm/package.json wasm/npm/README.md wasm/npm/dist dist/npm/
}

# build_worker makes dist/worker: the module, the Worker around it, the pre-built schemas, and what wrangler deploys them by.
build_worker() {
	say "building the Worker"
	worker_folder dist/worker wasm/worker/src/worker.ts
	cp wasm/worker/wrangler.jsonc wasm/worker/README.md dist/worker/
	second_folder dist/worker/second
	cp wasm/worker/wrangler.jsonc dist/worker/second/
}

# worker_folder FOLDER FILE [FLAG...]: the module, the pre-built schemas, and worker.mjs: the file, all that it imports
# and Go's own glue. What is no script stays outside of that.
worker_folder() {
	local folder=$1 file=$2
	shift 2
	rm -rf "$folder"
	mkdir -p "$folder/offline"
	GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' "$@" -o "$folder/ldapedge.wasm" ./wasm/worker
	npx esbuild "$file" --bundle --format=esm --target=es2022 --log-level=warning --outfile="$folder/worker.mjs" \
		--alias:wasm_exec="$(go env GOROOT)/lib/wasm/wasm_exec.js" --external:cloudflare:sockets --external:'*.wasm' --external:'*.gz'
	cp schemajson/offline/data/*.json.gz schemajson/offline/NOTICE schemajson/offline/LICENSE.OpenLDAP "$folder/offline/"
}

# second_folder FOLDER: the second entry point, on syumai/workers. That has a script and glue of its own.
second_folder() {
	local folder=$1
	rm -rf "$folder"
	go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o "$folder"
	mv "$folder/worker.mjs" "$folder/workers.mjs"
	GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' -o "$folder/app.wasm" ./wasm/workers
	npx esbuild wasm/worker/src/second.ts --bundle --format=esm --target=es2022 --log-level=warning --outfile="$folder/worker.mjs" \
		--external:cloudflare:sockets --external:./workers.mjs --external:'*.gz'
	cp -r schemajson/offline/data "$folder/offline"
	cp schemajson/offline/NOTICE schemajson/offline/LICENSE.OpenLDAP "$folder/offline/"
}

build_www() {
	say "building the viewer"
	(cd www && npx vite build --logLevel warn --outDir ../dist/www --emptyOutDir)
	node build/compress.mjs dist/www
}

# build_connector makes dist/ldapedge with the viewer in it.
build_connector() {
	say "building the connector"
	rm -rf native/connector/viewer/site
	cp -r dist/www native/connector/viewer/site
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -tags viewer -o dist/ldapedge ./native/connector
}

# need_peers: what the benchmarks measure against.
need_peers() {
	need_servers
	need_package "command -v haproxy && command -v websockify" haproxy websockify
	need_package "command -v gcc && test -e /usr/include/ldap_schema.h" gcc libc6-dev libldap2-dev
}

# bench_all NAME...: the benchmarks, all or those named.
bench_all() {
	need_peers
	need_node
	local name
	[ $# -gt 0 ] || set -- schema formatters pool search decode inflight bridge worker
	for name; do
		[ -d "bench/$name" ] || die "there is no benchmark $name"
		# The tests have just built it.
		[ "$name" != worker ] || [ "${BENCH_ROUNDS:-}" = 1 ] || build_worker
		(cd bench && go run "./$name")
	done
}

# fuzz_targets PACKAGE...: folder and name of each fuzz target, as the files have them: go test -list would build all tests.
fuzz_targets() {
	local line='{{$.Dir}}/{{.}}{{"\n"}}'
	go list -f "{{range .TestGoFiles}}$line{{end}}{{range .XTestGoFiles}}$line{{end}}" "$@" |
		xargs -d '\n' grep -oE '^func Fuzz\w+' /dev/null | sed "s|^$PWD|.|; s|/[^/]*:func | |"
}

# fuzz_all FOR [PACKAGE...]: each fuzz target, of all packages or those named, for a time
# (10m) or a number of inputs (5000x). A package is built once for all of its targets. Go before
# 1.27 may call the end of a time a failure (go.dev/issue/75804): a number has none, and a time's
# end is told from an input that fails by the file that go writes of each of those.
fuzz_all() {
	local runs=$1 package target built='' status output=$PWD/.cache/fuzz.log program=$PWD/.cache/fuzz.test found
	shift
	[ $# -gt 0 ] || set -- ./...
	mkdir -p .cache
	# Where go test keeps what it finds interesting.
	found=$(go env GOCACHE)/fuzz/$(go list -m)
	while read -r package target; do
		say "fuzzing $package $target for $runs"
		[ "$package" = "$built" ] || go test -c -vet=off -fuzz . -o "$program" "$package" </dev/null || return
		built=$package
		status=0
		(cd "$package" && "$program" -test.run '^$' -test.fuzz "^$target\$" -test.fuzztime "$runs" \
			-test.fuzzminimizetime 10x -test.fuzzcachedir "$found/${package#./}") 2>&1 </dev/null | tee "$output" || status=$?
		[ "$status" = 0 ] || fuzz_time_ended "$output" || return "$status"
	done < <(fuzz_targets "$@")
}

# fuzz_time_ended FILE: whether all that go says there to have failed is that the time ended.
fuzz_time_ended() {
	[ "$(grep -A 1 '^--- FAIL: ' "$1" | tail -n +2)" = "    context deadline exceeded" ] &&
		! grep -q 'Failing input written' "$1"
}

# module_size: prints what the browser module weighs, and of what it is made;
# fails if it is over its limit. With --write the table goes to docs/ too.
module_size() {
	local named=.cache/named.wasm
	GOOS=js GOARCH=wasm go build -trimpath -tags small -o "$named" ./wasm/browser
	(cd integration && go run ./cmd/modulesize "$@" ../"$named" ../dist/www/assets)
}
