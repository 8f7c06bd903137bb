#!/usr/bin/env bash
# One platform engineer, four clusters, one afternoon: docs/install.md and docs/managed-clusters.md from the first command to the
# last. afternoon.test.ts runs it, and gives it
#   the working directory   a clone of this repository, with a config.yaml that names no cluster yet
#   KUBECONFIG              an administrator's contexts prod-1 to prod-4; nothing of the bot is on these clusters
#   slack                   people in the workspace: slack PERSON types|asks|reads|approves TEXT…, slack bot connects
# That every object of deploy/ is valid, and the same by kustomize and by Helm, is what test/deploy tests.
set -euo pipefail

say() { printf '\n== %s\n' "$*"; }

enroll() {
  npm run --silent enroll -- --context "$1" --name "$1" --bot-path "$PWD/kubeconfigs/$1" --yes "${@:2}"
}

request() {
  slack requester types "run $1 reason=\"$2\""
  slack approver approves "$2"
}

say 'Three clusters'
for cluster in prod-1 prod-2 prod-3; do enroll "$cluster"; done

say 'The configuration, as a pipeline without secrets and as the bot reads it'
env -u SLACK_BOT_TOKEN -u SLACK_APP_TOKEN npm run --silent check-config -- config.yaml --without-secrets
npm run --silent check-config -- config.yaml
npm run --silent doctor -- config.yaml

say 'The bot'
npm start -- config.yaml >bot.log 2>&1 &
bot=$!
trap 'kill "$bot" 2>/dev/null || true; wait "$bot" || true' EXIT
slack bot connects

say 'A backup of each'
for cluster in prod-1 prod-2 prod-3; do
  request "$cluster" "the first of $cluster"
  slack requester reads 'Backed up' "the first of $cluster"
done

say 'A fourth cluster, while the bot runs'
enroll prod-4
slack requester asks 'check prod-4' 'prod-4' 'A backup can run now'
request prod-4 'the first of prod-4'
slack requester reads 'Backed up' 'the first of prod-4'

say 'A new token, while a backup runs'
request prod-1 'during the rotation'
enroll prod-1 --renew
slack requester reads 'Backed up' 'during the rotation'

say 'The end of the day'
npm run --silent doctor -- config.yaml
