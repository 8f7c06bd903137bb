#!/bin/sh
# A step of ../Containerfile: the npm packages that the bot runs with, by the lock file, in the current directory.
set -eu
[ ! -s /run/secrets/ca.pem ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca.pem
[ ! -s /run/secrets/npmrc ] || export NPM_CONFIG_USERCONFIG=/run/secrets/npmrc
[ -z "${NPM_REGISTRY:-}" ] || export NPM_CONFIG_REGISTRY="$NPM_REGISTRY"
npm ci --omit=dev --ignore-scripts --no-update-notifier
# What only npm, compilers and debuggers read.
rm -rf node_modules/.bin node_modules/.package-lock.json package-lock.json .npmrc
node -e 'const fs = require("node:fs"); for (const file of fs.globSync("node_modules/**/*.{d.ts,d.mts,d.cts,map}")) fs.rmSync(file)'
