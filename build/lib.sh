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

# need_package COMMAND PACKAGE...: installs Debian packages unless the command is there.
need_package() {
	local command=$1
	shift
	PATH=$PATH:/usr/sbin command -v "$command" >/dev/null && return
	if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
		die "$command is needed for the tests; on Debian: apt-get install $*"
	fi
	say "installing $*"
	apt_updated=${apt_updated:-}
	[ -n "$apt_updated" ] || apt-get update -qq
	apt_updated=yes
	# slapd asks for a directory to set up, and starts it: the tests start their own.
	[ "$command" != slapd ] || echo "slapd slapd/no_configuration boolean true" | debconf-set-selections
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

build_all() {
	need_go
	need_node
	build_npm
	build_www
	build_connector
}

# build_npm makes dist/npm: the module, Go's own glue for it, and the typed wrapper.
build_npm() {
	say "building the module and the npm package"
	rm -rf wasm/npm/dist
	npx tsc -p wasm/npm/tsconfig.json
	GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' -o wasm/npm/dist/ldapedge.wasm ./wasm/browser
	cp "$(go env GOROOT)/lib/wasm/wasm_exec.js" wasm/npm/dist/
	rm -rf dist/npm
	mkdir -p dist/npm
	cp -r wasm/npm/package.json wasm/npm/README.md wasm/npm/dist dist/npm/
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

# fuzz_all TIME: each fuzz target for that long.
fuzz_all() {
	local package target
	for package in $(go list ./...); do
		for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
			say "fuzzing $package $target for $1"
			go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$package"
		done
	done
}

# module_size: prints what the browser module weighs, and of what it is made;
# fails if it is over its limit. With --write the table goes to docs/ too.
module_size() {
	local named=.cache/named.wasm
	GOOS=js GOARCH=wasm go build -trimpath -o "$named" ./wasm/browser
	(cd integration && go run ./cmd/modulesize "$@" ../"$named" ../dist/www/assets)
}
