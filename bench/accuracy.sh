#!/usr/bin/env bash
# Every way of training with every head, from one checkpoint on one dataset: a line a run, then a table of mean ± spread.
# usage: ./run accuracy OUTPUT-FOLDER SEEDS EPOCHS [samseg train options that all runs share …]
set -euo pipefail
samseg=${SAMSEG:?the program samseg.dll; ./run accuracy sets it}
[[ $# -ge 3 ]] || { echo "usage: ./run accuracy OUTPUT-FOLDER SEEDS EPOCHS [samseg train options …]" >&2; exit 2; }
output=$1 seeds=$2 epochs=$3
shift 3
mkdir -p "$output"
results=$output/results.txt
: >"$results"

one() { # trained, head, seed, the shared options
  local folder=$output/$1-$2-$3 trained=$1 head=$2 seed=$3 value
  shift 3
  dotnet "$samseg" train --train "$trained" --head "$head" --seed "$seed" --epochs "$epochs" --validate-every "$epochs" \
    --measure-training false --save-model false --images-logged 0 --report-images 0 --cache-folder "$output/cache" --run-folder "$folder" "$@" >"$folder.txt" 2>&1 \
    || { tail -n 3 "$folder.txt" >&2; return 1; }
  value=$(sed -n 's/.*"validation":{"meanIoU":\([0-9.eE-]*\),.*/\1/p' "$folder/log.jsonl" | tail -n 1)
  [[ -n $value ]] || { echo "$folder/log.jsonl: expected a validation's meanIoU, found none" >&2; return 1; }
  printf '%s %s %s %s\n' "$trained" "$head" "$seed" "$value" | tee -a "$results"
}

for seed in $(seq 1 "$seeds"); do
  one hypernetworks mask_decoder "$seed" "$@"
  for trained in decoder decoder-and-adapters everything; do
    for head in mask_decoder linear aspp pyramid_pooling; do
      one "$trained" "$head" "$seed" "$@"
    done
  done
done

printf '\n| what is trained | head | mIoU, mean of %s seeds | least to most |\n|---|---|---|---|\n' "$seeds"
awk '{ key = $1 " | " $2; if (!(key in n)) order[++k] = key; n[key]++; sum[key] += $4
       if (!(key in low) || $4 < low[key]) low[key] = $4; if ($4 > high[key]) high[key] = $4 }
     END { for (i = 1; i <= k; i++) printf "| %s | %.3f | %.3f to %.3f |\n", order[i], sum[order[i]] / n[order[i]], low[order[i]], high[order[i]] }' "$results"
