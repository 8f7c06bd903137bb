import type { ReactNode } from 'react';
import type { PageCluster } from '../protocol.ts';
import { stepNames } from '../switch-names.ts';
import { Clock } from './clock.tsx';
import { usePage } from './context.tsx';
import { Switches } from './switches.tsx';

/** The world beside the workspace: what to try, and what Slack does not show. */
export function WorldPanel(): ReactNode {
  const { words, state, hello } = usePage();
  const { facts } = state.cluster;
  return (
    <div className="panel">
      <Steps />
      {facts && <ClusterFacts facts={facts} />}
      <Places />
      <Switches />
      <Clock />
      <p className="quiet">
        {hello.etcd === undefined ? words.recordedEtcd : words.realEtcd(hello.etcd)}{' '}
        {words.client(hello.client)}
      </p>
    </div>
  );
}

function Steps(): ReactNode {
  const { words, state } = usePage();
  return (
    <section aria-labelledby="steps">
      <h3 id="steps">{words.tryThis}</h3>
      <ol className="steps">
        {stepNames.map((name) => {
          const isDone = state.steps[name]?.done === true;
          const [title, how] = words.steps[name];
          return (
            <li key={name} className={isDone ? 'done' : ''}>
              <span role="img" aria-label={isDone ? words.done : words.todo}>
                {isDone ? '✅' : '⬜'}
              </span>{' '}
              <strong>{title}</strong>
              {!isDone && <span className="quiet"> {how}</span>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function ClusterFacts({ facts }: { readonly facts: PageCluster }): ReactNode {
  const { words, act } = usePage();
  const unwell = facts.operators.filter(
    ({ isAvailable, isProgressing, isDegraded }) => !isAvailable || isProgressing || isDegraded,
  );
  return (
    <section aria-labelledby="cluster">
      <h3 id="cluster">
        {words.cluster} {facts.name}
      </h3>
      <dl>
        <dt>{words.runs}</dt>
        <dd>{facts.version}</dd>
        <dt>{words.says}</dt>
        <dd>{facts.says}</dd>
        <dt>{words.nodes}</dt>
        <dd>
          {facts.nodes.map(({ name, isReady }) => (
            <span key={name} className={isReady ? 'chip' : 'chip bad'}>
              {name}: {isReady ? words.ready : words.notReady}
            </span>
          ))}
        </dd>
        <dt>{words.operators}</dt>
        <dd>
          {unwell.length === 0 && words.operatorsWell(facts.operators.length)}
          {unwell.map(({ name, isAvailable, isProgressing, isDegraded }) => (
            <span key={name} className={isDegraded || !isAvailable ? 'chip bad' : 'chip warn'}>
              {name}:{' '}
              {[
                ...(isProgressing ? [words.progressing] : []),
                ...(isDegraded ? [words.degraded] : []),
                ...(isAvailable ? [] : [words.unavailable]),
              ].join(', ')}
            </span>
          ))}
        </dd>
        <dt>{words.proxy}</dt>
        <dd>{facts.proxy || words.none}</dd>
        <dt>{words.encryption}</dt>
        <dd>{facts.encryption || words.none}</dd>
      </dl>
      <button
        type="button"
        className="button"
        onClick={() => void act({ do: 'world', what: 'upgrade', version: facts.nextVersion })}
      >
        {words.upgradeTo(facts.nextVersion)}
      </button>
    </section>
  );
}

function Places(): ReactNode {
  const { words, state, language } = usePage();
  return (
    <section aria-labelledby="files">
      <h3 id="files">{words.files}</h3>
      {Object.entries(state.places).map(([name, { files }]) => (
        <details key={name}>
          <summary>{words.filesAt(name, files.length)}</summary>
          <ul className="file-list">
            {files.map(({ path, bytes }) => (
              <li key={path}>
                <a href={`/places/${name}?path=${encodeURIComponent(path)}`} target="_blank" rel="noreferrer">
                  <code>{path}</code>
                </a>{' '}
                <span className="quiet">{words.bytes(bytes.toLocaleString(language))}</span>
              </li>
            ))}
            {files.length === 0 && <li className="quiet">{words.noFiles}</li>}
          </ul>
        </details>
      ))}
    </section>
  );
}
