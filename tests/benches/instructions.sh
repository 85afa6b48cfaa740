#!/usr/bin/env bash
# Counts the instructions per call of cases of `tests::cost`, by callgrind:
#     tests/benches/instructions.sh CASE...
# What is made once (the program, the runtime, the warm-up) is in a run of few calls and in one of
# many: the difference is the calls' own. Counts are the same on every run of the same program.
set -euo pipefail
cd "$(dirname "$0")/../.."

FEW=2000
MANY=6000

if [ $# -eq 0 ]; then
    echo "usage: $0 CASE..." >&2
    exit 2
fi

built=$(cargo bench --quiet -p tests --bench cost --no-run --message-format=json)
bench=$(sed -n 's/.*"executable":"\([^"]*\/cost-[^"]*\)".*/\1/p' <<<"$built" | tail -n 1)

# instructions CASE N: all that the program executes in N calls.
instructions() {
    local log
    log=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" "$1" "$2" 2>&1 >/dev/null) || {
        echo "$log" >&2
        return 1
    }
    sed -n 's/.*Collected : //p' <<<"$log"
}

per_call() {
    local few many
    few=$(instructions "$1" "$FEW")
    many=$(instructions "$1" "$MANY")
    echo $(((many - few) / (MANY - FEW)))
}

bare=$(per_call bare)
printf '%-20s %8s %8s\n' case instr. +bare
for case in "$@"; do
    if [ "$case" = bare ]; then cost=$bare; else cost=$(per_call "$case"); fi
    printf '%-20s %8d %+8d\n' "$case" "$cost" $((cost - bare))
done
