#!/usr/bin/env bash
# Runs the tests as a slow machine would: on one core, which four busy loops share. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/.."
for _ in 1 2 3 4; do taskset -c 0 sh -c 'while :; do :; done' & done
trap 'kill $(jobs -p)' EXIT
taskset -c 0 npx vitest run --config test/vitest.config.ts "$@"
