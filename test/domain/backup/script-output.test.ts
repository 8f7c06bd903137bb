import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { outputTail, parseScriptOutput, scriptFailure } from '../../../src/domain/backup/script-output.ts';

const scriptPath = '/usr/local/bin/cluster-backup.sh';
const directory = '/home/core/assets/backup/rec1';

function recorded(name: string) {
  const read = (part: string) =>
    readFileSync(new URL(`../../fixtures/cluster-backup/${name}.${part}.txt`, import.meta.url), 'utf8');
  const exitCode = Number(/exit code (\d+)/.exec(read('exit'))?.[1]);
  return { exitCode, stdout: read('stdout'), stderr: read('stderr') };
}

describe('the output of cluster-backup.sh', () => {
  it('is read as recorded from a run that worked', () => {
    const run = recorded('ok');

    const report = parseScriptOutput(run.stdout);

    assert.equal(report.successDirectory, directory);
    assert.equal(report.savedAt, `${directory}/snapshot_2026-11-23_061444.db`);
    assert.equal(report.etcdctlVersion, '3.5.16');
    assert.deepEqual(report.status, {
      hash: 3094756495,
      revision: 5346,
      totalKey: 12009,
      totalSize: 108146688,
      version: undefined,
    });
    assert.equal(report.latest.etcd, '/etc/kubernetes/static-pod-resources/etcd-pod-2');
    assert.equal(scriptFailure({ ...run, directory, scriptPath }), undefined);
  });

  it('of 4.4 and 4.5 has no status line and other names, and is whole all the same', () => {
    const stdout = [
      '1bf371f1b5a483927cd01bb593b0e12cff406eb8d7d0acf4ab079c36a0abd3f7',
      'etcdctl version: 3.3.18',
      'API version: 3.3',
      'found latest kube-apiserver-pod: /etc/kubernetes/static-pod-resources/kube-apiserver-pod-7',
      `Snapshot saved at ${directory}/snapshot_2020-03-18_220218.db`,
      `snapshot db and kube resources are successfully saved to ${directory}`,
      '',
    ].join('\n');

    const report = parseScriptOutput(stdout);

    assert.equal(report.status, undefined);
    assert.equal(
      report.latest['kube-apiserver'],
      '/etc/kubernetes/static-pod-resources/kube-apiserver-pod-7',
    );
    assert.equal(scriptFailure({ exitCode: 0, stdout, stderr: '', directory, scriptPath }), undefined);
  });

  it('of early 4.6 and 4.7 begins with a container and etcdctl’s version, prints no status line, and is whole', () => {
    const stdout = [
      'Certificate /etc/kubernetes/static-pod-certs/configmaps/etcd-serving-ca/ca-bundle.crt is missing. Checking in different directory',
      'Certificate /etc/kubernetes/static-pod-resources/etcd-certs/configmaps/etcd-serving-ca/ca-bundle.crt found!',
      '3269aa1c5c5b8c2a8d7c1e3ad5d0b9f5a7c9e62f2a0d1cb6d5e5d3bd8ed6d8ed',
      'etcdctl version: 3.4.9',
      'API version: 3.4',
      'found latest kube-apiserver: /etc/kubernetes/static-pod-resources/kube-apiserver-pod-6',
      'found latest kube-controller-manager: /etc/kubernetes/static-pod-resources/kube-controller-manager-pod-7',
      'found latest kube-scheduler: /etc/kubernetes/static-pod-resources/kube-scheduler-pod-6',
      'found latest etcd: /etc/kubernetes/static-pod-resources/etcd-pod-3',
      `Snapshot saved at ${directory}/snapshot_2021-06-25_190035.db`,
      `snapshot db and kube resources are successfully saved to ${directory}`,
      '',
    ].join('\n');

    const report = parseScriptOutput(stdout);

    assert.deepEqual([report.status, report.etcdctlVersion], [undefined, '3.4.9']);
    assert.equal(report.latest.etcd, '/etc/kubernetes/static-pod-resources/etcd-pod-3');
    assert.equal(Object.keys(report.latest).length, 4);
    assert.equal(scriptFailure({ exitCode: 0, stdout, stderr: '', directory, scriptPath }), undefined);
  });

  it('of etcd 3.6 names a version in the status line', () => {
    const stdout = '{"hash":1,"revision":2,"totalKey":3,"totalSize":4096,"version":"3.6.1"}\n';

    assert.equal(parseScriptOutput(stdout).status?.version, '3.6.1');
  });

  const failures: readonly (readonly [string, string, object])[] = [
    ['disk-full', 'script-disk-full', {}],
    ['operator-progressing', 'script-operator-progressing', { operator: 'etcd' }],
    ['usage', 'script-usage', {}],
  ];
  for (const [name, kind, params] of failures) {
    it(`says why it failed: ${name}`, () => {
      assert.deepEqual(scriptFailure({ ...recorded(name), directory, scriptPath }), { kind, params });
    });
  }

  it('takes a command that the script cannot find for no missing script', () => {
    const scriptPath = '/usr/local/bin/cluster-backup.sh';
    for (const [stderr, kind] of [
      [`${scriptPath}: line 30: crictl: command not found`, 'script-failed'],
      [`${scriptPath}: line 31: ${scriptPath}.d/x: No such file or directory`, 'script-failed'],
      [`bash: line 1: ${scriptPath}: No such file or directory`, 'script-missing'],
      [`sh: 1: ${scriptPath}: not found`, 'script-missing'],
      [`env: ‘${scriptPath}’: No such file or directory`, 'script-missing'],
    ] as const) {
      const found = scriptFailure({ exitCode: 127, stdout: '', stderr, directory: '/d', scriptPath });
      assert.equal(found?.kind, kind, stderr);
    }
  });

  it('says that the script is missing when the shell could not find it', () => {
    const stderr = `sh: 1: ${scriptPath}: not found\n`;

    const reason = scriptFailure({ exitCode: 127, stdout: '', stderr, directory, scriptPath });

    assert.deepEqual(reason, { kind: 'script-missing', params: { path: scriptPath } });
  });

  const texts: readonly (readonly [text: string, kind: string, params?: object])[] = [
    [
      'error finding manifests for the kube-scheduler pod. please check if it is running.',
      'script-manifests-missing',
      { pod: 'kube-scheduler' },
    ],
    [
      'error finding static-pod-resources for the kube-apiserver pod. please check if it is running.',
      'script-resources-missing',
      { pod: 'kube-apiserver' },
    ],
    ['error finding static-pod-resource etcd-pod', 'script-resources-missing', { pod: 'etcd' }],
    [
      'error finding static-pod-resource kube-controller-manager',
      'script-resources-missing',
      { pod: 'kube-controller-manager' },
    ],
    [
      'tar: static-pod-resources/kube-scheduler-pod-6: Cannot stat: No such file or directory',
      'script-resources-missing',
      { pod: 'kube-scheduler' },
    ],
    [
      'tar: static-pod-resources/etcd-pod-2/etcd-pod.yaml: file changed as we read it',
      'script-files-changed',
      {},
    ],
    ['Valid kubeconfig is not found in kube-apiserver-certs. Exiting!', 'script-kubeconfig-missing', {}],
    [
      'Could not find the status of the etcd. Check if the API server is running. Pass --force',
      'script-operator-unknown',
      { operator: 'etcd' },
    ],
    [
      'Could not find the status of the kube-controller-manager. Check if the API server is running. Pass the --force flag to skip checks.',
      'script-operator-unknown',
      { operator: 'kube-controller-manager' },
    ],
    [
      'Currently the kube-apiserver operator is progressing. A reliable backup requires that a rollout is not in progress.  Aborting!',
      'script-operator-progressing',
      { operator: 'kube-apiserver' },
    ],
    [
      'required dependencies not found, please ensure this script is run on a node with a functional etcd',
      'script-dependencies-missing',
    ],
    [
      'Certificate /etc/kubernetes/x/server-ca.crt is also missing in the second directory. Exiting!',
      'script-certificate-missing',
      { certificate: '/etc/kubernetes/x/server-ca.crt' },
    ],
    ['Backup integrity verification failed. Backup appears corrupted. Aborting!', 'script-integrity'],
    ['Could neither pull etcdctl nor find it on disk', 'script-image-pull'],
    ["cp: cannot stat '/bin/etcdctl': No such file or directory", 'script-image-pull'],
  ];
  for (const [text, kind, params] of texts) {
    it(`knows the words “${text.slice(0, 60)}…”`, () => {
      for (const said of [
        { stdout: `${text}\n`, stderr: '' },
        { stdout: 'found latest etcd: /x\n', stderr: `${text}\n` },
      ]) {
        const reason = scriptFailure({ exitCode: 1, ...said, directory, scriptPath });

        assert.equal(reason?.kind, kind);
        if (params) assert.deepEqual(reason?.params, params);
      }
    });
  }

  it('with exit 0 but without the closing line is not a backup', () => {
    const { stdout } = recorded('ok');
    const cut = stdout.slice(0, stdout.indexOf('snapshot db and'));

    assert.equal(
      scriptFailure({ exitCode: 0, stdout: cut, stderr: '', directory, scriptPath })?.kind,
      'script-unfinished',
    );
  });

  it('with a closing line for another directory is not a backup of this run', () => {
    const run = recorded('ok');

    assert.equal(scriptFailure({ ...run, directory: '/elsewhere', scriptPath })?.kind, 'script-unfinished');
  });

  it('never makes a failed exit a success, whatever was printed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 2000 }),
        fc.integer({ min: 1, max: 255 }),
        (noise, exitCode) => {
          const stdout = `${noise}\n${recorded('ok').stdout}${noise}`;
          return scriptFailure({ exitCode, stdout, stderr: noise, directory, scriptPath }) !== undefined;
        },
      ),
    );
  });

  it('is found between any noise on other lines', () => {
    const line = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.replace(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(line), fc.array(line), (before, after) => {
        const noise = (lines: string[]) => lines.filter((each) => !/^(snapshot db|Snapshot|\{)/.test(each));
        const stdout = [...noise(before), recorded('ok').stdout.trimEnd(), ...noise(after)].join('\n');
        const report = parseScriptOutput(stdout);
        return report.successDirectory === directory && report.status?.revision === 5346;
      }),
    );
  });

  it('is shown to people as its last lines, without control characters and client noise', () => {
    const tail = outputTail({
      stdout: `${'x\n'.repeat(100_000)}\u001b[31mCurrently the etcd operator is progressing.\u001b[0m\u0007\r\n`,
      stderr:
        'E1123 websocket.go:296] Unknown stream id 1, discarding message\ncommand terminated with exit code 1\n',
    });

    assert.equal(tail.at(-1), 'Currently the etcd operator is progressing.');
    assert.ok(tail.length <= 12);
  });
});
