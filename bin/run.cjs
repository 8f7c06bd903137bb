'use strict';
// Every npm script starts here. Plain old syntax: it must run, and say what is missing, under any Node.
// usage: node bin/run.cjs FILE.ts [WORD…], or node bin/run.cjs --FLAG… for node itself

const { existsSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = join(__dirname, '..');
const description = require('../package.json');
const words = process.argv.slice(2);

const problem = wrongNode() || noWords() || missingPackages();
if (problem) {
  process.stderr.write(`${problem}\n`);
  // Of scripts whose exit code is an answer, 2 is no answer.
  process.exitCode = 2;
} else if (words[0].startsWith('-')) {
  runNode();
} else {
  process.argv.splice(1, 2, resolve(words[0]));
  import(pathToFileURL(process.argv[1]).href);
}

/** A sentence where this Node cannot run the sources: npm takes the machine's own where it did not bring one. */
function wrongNode() {
  const [, needed] = /^>=(\d+\.\d+)/.exec(description.engines.node);
  const [major, minor] = needed.split('.').map(Number);
  const [hasMajor, hasMinor] = process.versions.node.split('.').map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return undefined;
  return `Node.js ${needed} or newer is needed, and this is ${process.versions.node}: install Node.js ${major}, or ${howNpmBringsIt()}.`;
}

function howNpmBringsIt() {
  if (!existsSync(join(root, 'node_modules'))) return 'run npm ci, which brings it';
  if (!existsSync(join(root, 'node_modules', 'node')))
    return 'run npm ci without --omit=dev, which brings it';
  if (existsSync(join(root, 'node_modules', 'node', 'bin', 'node')))
    return 'start it with npm, which brings its own';
  return 'run npm ci without --ignore-scripts, which fetches it from the registry';
}

function noWords() {
  return words.length === 0
    ? 'usage: node bin/run.cjs FILE.ts [WORD…]; npm run lists the scripts.'
    : undefined;
}

/** A sentence where packages are not installed that are needed by what is asked for. */
function missingPackages() {
  const isDevelopment = /^(-|sandbox\/|bench\/|test\/)/.test(words[0]);
  const runtime = missingOf(description.dependencies);
  const development = isDevelopment ? missingOf(description.devDependencies) : [];
  if (runtime.length > 0) return `Packages are not installed (${listed(runtime)}): run npm ci.`;
  if (development.length > 0)
    return `Packages for development are not installed (${listed(development)}): run npm ci without --omit=dev.`;
  return undefined;
}

function missingOf(packages) {
  return Object.keys(packages).filter((name) => !existsSync(join(root, 'node_modules', name)));
}

function listed(names) {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** Ends as node ends; what asks this process to end asks node. */
function runNode() {
  const child = require('node:child_process').spawn(process.execPath, words, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 1 : code;
    if (signal === null) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
