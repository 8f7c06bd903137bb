import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { freePort } from '../../sandbox/free-port.ts';
import { until } from '../../sandbox/world.ts';
import { backup } from '../support/backups.ts';
import { openStage } from '../support/e2e.ts';
import { need } from '../support/need.ts';
import { findPromtool, promtool } from './promtool.ts';
import { deployDirectory, readObjects } from './render.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const timeout = 600_000;
const cases = fileURLToPath(new URL('alerts-cases.yaml', import.meta.url));
const manifests = await readObjects(
  'components/monitoring/service.yaml',
  'components/monitoring/service-monitor.yaml',
  'components/monitoring/prometheus-rule.yaml',
  'base/bot/deployment.yaml',
);
const find = (kind: string) => manifests.find((each) => each.kind === kind) ?? assert.fail(kind);
const rules: readonly Rule[] = find('PrometheusRule').spec.groups.flatMap(
  (group: { rules: readonly Rule[] }) => group.rules,
);

/** The rules as Prometheus itself takes them, beside the cases. */
async function withRules(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'alerts-'));
  try {
    await writeFile(join(folder, 'rules.yaml'), stringify(find('PrometheusRule').spec));
    await cp(cases, join(folder, 'cases.yaml'));
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('promtool takes the rules', { timeout }, async (t: TestContext) => {
  if (!need(t, 'promtool', await findPromtool())) return;
  await withRules(async (folder) => {
    const { code, said } = await promtool(['check', 'rules', join(folder, 'rules.yaml')]);
    assert.equal(code, 0, said);
    assert.match(said, new RegExp(`SUCCESS: ${rules.length} rules found`));
  });
});

test('every alert fires when it should, and not before', { timeout }, async (t: TestContext) => {
  if (!need(t, 'promtool', await findPromtool())) return;
  await withRules(async (folder) => {
    const { code, said } = await promtool(['test', 'rules', join(folder, 'cases.yaml')]);
    assert.equal(code, 0, said);
  });
});

test('no alert is without a case in which it fires; the other cases are those in which it does not', async () => {
  const text = await readFile(cases, 'utf8');
  for (const { alert } of rules) {
    assert.ok(text.includes(`alertname="${alert}", alertstate="firing"`), `${alert} fires in no case`);
  }
});

test('every alert says what it means, what to do next and how bad it is', async () => {
  const readme = await readFile(join(deployDirectory, 'README.md'), 'utf8');
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const { alert, labels, annotations } of rules) {
    assert.match(labels.severity ?? '', /^(critical|warning)$/, alert);
    assert.match(annotations.summary ?? '', /\.$/, alert);
    assert.match(annotations.description ?? '', /\/etcd-backup|oc -n|log/, `${alert}: no next step`);
    assert.ok(readme.includes(`\`${alert}\``), `README.md does not mention ${alert}`);
  }
});

test('the descriptions name the command that says what they promise', () => {
  for (const { alert, annotations } of rules) {
    const text = `${annotations.summary} ${annotations.description}`;
    assert.doesNotMatch(
      text,
      /links to|not retried/,
      `${alert}: status has no links, and retries come by themselves`,
    );
    assert.doesNotMatch(
      text,
      /status \{\{[^}]*\}\}(?: says|\.)/,
      `${alert}: status names runs; show says why they failed`,
    );
  }
});

test('Prometheus finds the port of the bot through Service and ServiceMonitor', () => {
  const service = find('Service');
  const pod = find('Deployment').spec.template;
  const [port] = service.spec.ports;
  const [container] = pod.spec.containers;
  assert.deepEqual(
    container.ports.filter((each: { name: string }) => each.name === port.targetPort),
    [{ name: 'health', containerPort: port.port }],
  );
  const selects = (selector: Record<string, string>, labels: Record<string, string>) =>
    Object.entries(selector).every(([key, value]) => labels[key] === value);
  assert.ok(selects(service.spec.selector, pod.metadata.labels));
  const monitor = find('ServiceMonitor');
  assert.ok(selects(monitor.spec.selector.matchLabels, service.metadata.labels ?? {}));
  assert.deepEqual(
    monitor.spec.endpoints.map((each: { port: string; path: string }) => [each.port, each.path]),
    [[port.name, '/metrics']],
  );
});

test('the real bot exports every metric that a rule asks for', {
  timeout: 180_000,
}, async (t: TestContext) => {
  const port = await freePort();
  await using stage = await openStage({ config: { health: { port } } });
  const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const settled = await until('the first look at the cluster', async () => {
    const body = await scrape();
    return /^etcd_backup_coverage\{cluster="prod-east",state="unknown"\} 0$/m.test(body) && body;
  });
  const types = [...settled.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1]);
  const asked = new Set(
    rules.flatMap(({ expr }) => [...expr.matchAll(/\betcd_backup_\w+/g)].map(([name]) => name)),
  );
  assert.ok(asked.size >= 10);
  for (const name of asked) assert.ok(types.includes(name), `${name} is not exported`);
  assert.match(settled, /^etcd_backup_coverage\{cluster="prod-east",state="uncovered"\} 1$/m);
  assert.match(settled, /^etcd_backup_slack_connected 1$/m);
  assert.match(settled, /^etcd_backup_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);

  await backup(stage);
  await until('the backup in the metrics', async () => {
    const body = await scrape();
    return (
      /^etcd_backup_coverage\{cluster="prod-east",state="covered"\} 1$/m.test(body) &&
      /^etcd_backup_runs_total\{cluster="prod-east",outcome="succeeded"\} 1$/m.test(body) &&
      /^etcd_backup_snapshot_size_bytes\{cluster="prod-east"\} [1-9]/m.test(body)
    );
  });
  if (need(t, 'promtool', await findPromtool())) {
    const { said } = await promtool(['check', 'metrics'], await scrape());
    assert.deepEqual(
      said.split('\n').filter((line) => line.startsWith('etcd_backup_')),
      [],
    );
  }
});
