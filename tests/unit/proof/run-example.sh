#!/bin/bash
# Run the example of docs/proof.md as it stands there: its blocks marked "sh", in order, in an empty
# folder.  Each step fails if what it checks does not hold.  Says so as TAP.
#
# usage: run-example.sh docs/proof.md
set -euo pipefail
echo 1..1
name="the example of docs/proof.md holds"
command -v openssl > /dev/null || { echo "ok 1 - $name # SKIP openssl is not installed"; exit 0; }
example=$(sed -n '/^```sh$/,/^```$/{/^```/!p}' "$1")
[ -n "$example" ] || { echo "not ok 1 - $name: $1 has no example"; exit 1; }
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
if bash -euxo pipefail -c "$example" >&2; then echo "ok 1 - $name"; else echo "not ok 1 - $name"; exit 1; fi
