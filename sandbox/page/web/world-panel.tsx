import { type ReactNode, useEffect, useState } from 'react';
import type { PageCluster, PageHappening } from '../protocol.ts';
import { type SwitchName, stepNames, switchNames } from '../switch-names.ts';
import { usePage } from './context.tsx';
import { exactDate, timeOfDay } from './dates.ts';

/** The world beside the workspace: what to try, and what Slack does not show. */
export function WorldPanel({ happenings }: { readonly happenings: readonly PageHappening[] }): ReactNode {
  const { words, state, hello } = usePage();
  const { facts } = state.cluster;
  return (
    <div className="panel">
      <Steps />
      {facts && <ClusterFacts facts={facts} />}
      <Places />
      <Switches />
      <Clock />
      <Underneath happenings={happenings} />
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

function Switches(): ReactNode {
  const { words, state } = usePage();
  const on = switchNames.filter((name) => state.switches[name]?.on === true).length;
  return (
    <section aria-labelledby="faults">
      <h3 id="faults">
        {words.faults} {on > 0 && <span className="count">{on}</span>}
      </h3>
      <ul className="switches">
        {switchNames.map((name) => (
          <li key={name}>
            <Switch name={name} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Shows what was chosen at once; the world follows. */
function Switch({ name }: { readonly name: SwitchName }): ReactNode {
  const { words, state, act } = usePage();
  const [wanted, setWanted] = useState<boolean>();
  const choose = async (on: boolean) => {
    setWanted(on);
    await act({ do: 'world', what: 'switch', name, on });
    setWanted(undefined);
  };
  return (
    <label>
      <input
        type="checkbox"
        checked={wanted ?? state.switches[name]?.on === true}
        onChange={({ target }) => void choose(target.checked)}
      />
      {words.switches[name]}
    </label>
  );
}

const hourMs = 3_600_000;

function Clock(): ReactNode {
  const { words, act, now, language } = usePage();
  useSecondTick();
  const step = (hours: number) => void act({ do: 'world', what: 'clock', ms: hours * hourMs });
  return (
    <section aria-labelledby="clock">
      <h3 id="clock">{words.clock}</h3>
      <p>{words.clockIs(exactDate(now() / 1000, language))}</p>
      <div className="actions">
        {[1, 4].map((hours) => (
          <button key={hours} type="button" className="button" onClick={() => step(hours)}>
            {words.hours(hours)}
          </button>
        ))}
        <button type="button" className="button" onClick={() => step(24)}>
          {words.day}
        </button>
      </div>
    </section>
  );
}

/** Draws again each second. */
function useSecondTick(): void {
  const [, setSecond] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSecond((second) => second + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
}

const marks = { api: '⇄', command: '$', exit: '↳' };

function Underneath({ happenings }: { readonly happenings: readonly PageHappening[] }): ReactNode {
  const { words, language } = usePage();
  const newestFirst = happenings.toReversed();
  return (
    <section aria-labelledby="underneath">
      <h3 id="underneath">{words.underneath}</h3>
      <p className="quiet">{words.underneathHint}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard */}
      <ul className="happenings" tabIndex={0}>
        {newestFirst.map(({ at, kind, who, text, outcome }, index) => (
          <li key={`${happenings.length - index} ${at}`}>
            <span className="quiet">
              {timeOfDay(at, language)} {who}
            </span>{' '}
            <code>
              {marks[kind]} {text}
            </code>
            {outcome !== undefined && (
              <span className={isBad(kind, outcome) ? 'chip bad' : 'chip'}>{outcome}</span>
            )}
          </li>
        ))}
        {happenings.length === 0 && <li className="quiet">{words.nothingYet}</li>}
      </ul>
    </section>
  );
}

/** An HTTP status or an exit code. */
function isBad(kind: PageHappening['kind'], outcome: number): boolean {
  return kind === 'exit' ? outcome !== 0 : outcome === 0 || outcome >= 400;
}
