import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { releaseState } from '../../../src/domain/cluster/release.ts';
import { preflight } from '../../../src/domain/preflight/preflight.ts';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { policy } from '../../support/cluster-facts.ts';
import { connectionToUrl } from '../../support/connection.ts';
import { startTlsServer } from '../../support/tls-server.ts';

/** The objects as a real API server printed them; what was not recorded does not exist there. */
const recorded: Readonly<Record<string, string>> = {
  '/apis/config.openshift.io/v1/clusterversions/version': 'clusterversion.json',
  '/apis/config.openshift.io/v1/infrastructures/cluster': 'infrastructure.json',
  '/apis/config.openshift.io/v1/proxies/cluster': 'proxy.json',
  '/apis/config.openshift.io/v1/apiservers/cluster': 'apiserver.json',
  '/apis/config.openshift.io/v1/clusteroperators': 'clusteroperators.json',
  '/apis/operator.openshift.io/v1/etcds/cluster': 'etcd.json',
  '/api/v1/nodes': 'nodes.json',
  '/apis/user.openshift.io/v1/groups': 'groups.json',
};

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}
// biome-ignore lint/suspicious/noExplicitAny: whatever the API server printed
type Recorded = any;

function read(name: string): string {
  const file = new URL(`../../fixtures/api/${name}`, import.meta.url);
  assert.ok(existsSync(file), name);
  return readFileSync(file, 'utf8');
}

/** Preflight of a cluster that answers with the recorded objects, changed as said. */
async function judge(t: TestContext, change: Readonly<Record<string, (object: Recorded) => void>> = {}) {
  const server = await startTlsServer(t, (url, response) => {
    const [path = ''] = url.split('?');
    const file = recorded[path];
    response.setHeader('content-type', 'application/json');
    if (file === undefined) {
      response.statusCode = 404;
      response.end(read('error.404.txt').split('\nHTTP ')[0]);
      return;
    }
    const object = JSON.parse(read(file));
    change[file]?.(object);
    response.end(JSON.stringify(object));
  });
  const connection = { ...(await connectionToUrl(t, server)), cluster: 'lab' };
  const reader = createClusterReader([connection], { now: () => Date.UTC(2026, 10, 24) });
  t.after(() => reader.close());
  const facts = await reader.facts(policy());
  const context = { policy: policy(), nodeWanted: undefined, requester: undefined, now: facts.readAt };
  const { findings } = preflight(facts, context);
  const about = (prefix: string) =>
    findings.filter(({ code }) => code.startsWith(prefix)).map(({ outcome, code }) => `${outcome} ${code}`);
  return { facts, findings, about };
}

function set(conditions: Condition[], ...changed: readonly Condition[]): Condition[] {
  const types = changed.map(({ type }) => type);
  return [...conditions.filter(({ type }) => !types.includes(type)), ...changed];
}

const failing: readonly Condition[] = [
  {
    type: 'Failing',
    status: 'True',
    reason: 'ClusterOperatorNotAvailable',
    message: 'Cluster operator console is not available',
  },
  {
    type: 'Progressing',
    status: 'False',
    reason: 'ClusterOperatorNotAvailable',
    message: 'Error while reconciling 4.16.8: the cluster operator console is not available',
  },
];

describe('recorded objects', () => {
  it('are read whole: at rest, every operator quiet, etcd available, encrypted, behind a proxy', async (t) => {
    const { facts, about } = await judge(t);
    assert.deepEqual(about('version'), ['passed version.settled']);
    assert.deepEqual(about('operator'), ['passed operators.settled']);
    assert.deepEqual(about('etcd'), ['passed etcd.available']);
    assert.deepEqual(about('proxy'), ['passed proxy.exported']);
    assert.deepEqual(about('topology'), ['passed topology.runs']);
    assert.deepEqual(facts.encryption.type, { ok: true, value: 'aescbc' });
    assert.equal(facts.version.ok && releaseState(facts.version.value).kind, 'settled');
  });

  it('are at rest while an operator is unwell, in the words of real clusters', async (t) => {
    const { about, facts } = await judge(t, {
      'clusterversion.json': ({ status }) => {
        status.conditions = set(status.conditions, ...failing);
      },
    });
    assert.deepEqual(about('version'), ['warning version.operators-unwell']);
    assert.equal(facts.version.ok && releaseState(facts.version.value).kind, 'settled');
  });

  it('are at rest while a request is refused, and are not while it is only pending', async (t) => {
    const ask = (object: Recorded) => {
      object.spec.desiredUpdate = { version: '4.16.9', image: '', force: false };
    };
    const pending = await judge(t, { 'clusterversion.json': ask });
    assert.deepEqual(pending.about('version'), ['blocker version.update-to-come']);
    const refused = await judge(t, {
      'clusterversion.json': (object) => {
        ask(object);
        object.status.conditions = set(object.status.conditions, {
          type: 'ReleaseAccepted',
          status: 'False',
          reason: 'RetrievePayload',
          message:
            'Retrieving payload failed version="4.16.9" image="quay.io/openshift-release-dev/ocp-release@sha256:9" failure: the image may not be safe to use',
        });
      },
    });
    const found = refused.findings.find(({ code }) => code === 'version.update-refused');
    assert.deepEqual(found?.params, {
      version: '4.16.8',
      to: '4.16.9',
      message: 'Retrieving payload failed version="4.16.9" failure: the image may not be safe to use',
    });
  });

  it('have no quorum when the members cannot be asked and no pod shows one', async (t) => {
    const { about } = await judge(t, {
      'etcd.json': ({ status }) => {
        status.conditions = set(status.conditions, {
          type: 'EtcdMembersControllerDegraded',
          status: 'True',
          reason: 'ErrorUpdatingReportEtcdMembers',
          message: 'etcdserver: request timed out',
        });
      },
    });
    assert.deepEqual(about('etcd'), ['blocker etcd.quorum-unknown']);
  });

  it('stop the run when one operator has no Progressing', async (t) => {
    const { about } = await judge(t, {
      'clusteroperators.json': ({ items }) => {
        const etcd = items.find(({ metadata }: Recorded) => metadata.name === 'etcd');
        etcd.status.conditions = etcd.status.conditions.filter(
          ({ type }: Condition) => type !== 'Progressing',
        );
      },
    });
    assert.deepEqual(about('operator'), ['blocker operator.progress-unknown']);
  });
});
