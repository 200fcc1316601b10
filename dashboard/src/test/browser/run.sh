#!/usr/bin/env bash
#
# The page in a browser: run.sh DIRECTORY [SCREENSHOTS]
#
# Compiles the module and its tests, starts its test application on each stack, and drives its page in headless Chromium.
# All that it needs beyond the project goes to DIRECTORY, and what is seen to SCREENSHOTS, where that is given. Needs Node
# 20 with npm, and Chromium: where there is none, Debian's packages are installed, as root or by sudo.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../../.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
screenshots=${2:+$(mkdir -p "$2" && cd "$2" && pwd)}
application=

end() {
	[ -z "$application" ] || kill "$application" 2>/dev/null || true
}
trap end EXIT

missing() {
	echo "The page cannot be tested: $1" >&2
	exit 1
}

find_chromium() {
	local name
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
		if [ -n "$name" ] && command -v "$name"; then
			return
		fi
	done
	return 1
}

# install_packages WHAT PACKAGE...: Debian's packages, or else an end that says so
install_packages() {
	local what=$1 root=()
	shift
	echo "There is no $what: installing Debian's $*"
	[ "$(id -u)" -eq 0 ] || root=(sudo -n)
	{
		"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -qq &&
			"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
				--no-install-recommends "$@"
	} >"$work/apt.log" 2>&1 || {
		cat "$work/apt.log"
		missing "there is no $what, and Debian's $* could not be installed"
	}
}

command -v node >/dev/null && command -v npm >/dev/null || install_packages 'Node.js with npm' nodejs npm
if ! CHROMIUM=$(find_chromium); then
	install_packages Chromium chromium
	CHROMIUM=$(find_chromium) || missing 'the package chromium has no program of that name'
fi
export CHROMIUM

cp "$here"/*.js "$here"/*.json "$work"
(cd "$work" && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund --fetch-timeout=60000) || missing 'npm ci has failed'

# The page's own module has no package.json beside it that says that it is one.
cp "$root/dashboard/src/main/resources/io/github/evertoken/dashboard/page/model.js" "$work/model.mjs"
MODEL=$work/model.mjs node --test --test-reporter=spec "$work/model.test.js"

# CLASSES is the class path, where it is known already.
if [ -z "${CLASSES:-}" ]; then
	(cd "$root" && ./mvnw -B -ntp -q -Dspring-javaformat.validate.skip -pl dashboard -am test-compile \
		dependency:build-classpath -DincludeScope=test "-Dmdep.outputFile=$work/classpath")
	CLASSES=$root/dashboard/target/test-classes:$root/dashboard/target/classes:$(cat "$work/classpath")
fi

# The application ends with its standard input, which is open for as long as this script runs.
rm -f "$work/open"
mkfifo "$work/open"
exec 3<>"$work/open"

for stack in REACTIVE SERVLET; do
	echo "On the stack $stack:"
	export ADDRESSES=$work/$stack.json
	rm -f "$ADDRESSES"
	"${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -cp "$CLASSES" \
		io.github.evertoken.dashboard.BrowserApplication "$ADDRESSES" "$stack" <"$work/open" >"$work/$stack.log" 2>&1 3>&- &
	application=$!
	for _ in $(seq 240); do
		[ ! -e "$ADDRESSES" ] && kill -0 "$application" 2>/dev/null || break
		sleep 0.5
	done
	[ -e "$ADDRESSES" ] || { cat "$work/$stack.log"; missing 'the application has not started'; }
	(cd "$work" && SCREENSHOTS=$screenshots node --test --test-reporter=spec page.test.js)
	kill "$application"
	wait "$application" 2>/dev/null || true
	application=
	screenshots=
done
