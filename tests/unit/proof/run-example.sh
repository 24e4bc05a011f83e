#!/bin/bash
# Run the example of docs/proof.md as it stands there: its blocks marked "sh", in order, in an empty
# folder.  Each step fails if what it checks does not hold.
#
# usage: run-example.sh docs/proof.md
set -euo pipefail
command -v openssl > /dev/null || { echo "skipped: openssl is not installed"; exit 77; }
example=$(sed -n '/^```sh$/,/^```$/{/^```/!p}' "$1")
[ -n "$example" ] || { echo "$1 has no example"; exit 1; }
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
bash -euxo pipefail -c "$example"
