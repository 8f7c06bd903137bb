import { type ReactNode, useState } from 'react';
import {
  type Moment,
  moments,
  type SwitchGroup,
  type SwitchName,
  switchGroupNames,
  switchGroups,
  switchNames,
} from '../switch-names.ts';
import { usePage } from './context.tsx';

/** All that can be made to go wrong, and when. */
export function Switches(): ReactNode {
  const { words } = usePage();
  const [moment, setMoment] = useState<Moment>('now');
  const on = useOn(switchNames);
  return (
    <section aria-labelledby="faults">
      <h3 id="faults">
        {words.faults} {on > 0 && <span className="count">{on}</span>}
      </h3>
      <label className="moment">
        {words.faultsBegin}{' '}
        <select value={moment} onChange={({ target }) => setMoment(target.value as Moment)}>
          {moments.map((each) => (
            <option key={each} value={each}>
              {words.moments[each]}
            </option>
          ))}
        </select>
      </label>
      <p className="quiet">{words.faultsHint}</p>
      {switchGroupNames.map((group) => (
        <Group key={group} group={group} moment={moment} />
      ))}
      <p className="quiet">
        {words.notHere} <code>npm run sandbox -- --demo=faults --only=damaged-snapshot-drilled</code>
      </p>
    </section>
  );
}

function useOn(names: readonly SwitchName[]): number {
  const { state } = usePage();
  return names.filter((name) => state.switches[name]?.on === true).length;
}

interface GroupProps {
  readonly group: SwitchGroup;
  readonly moment: Moment;
}

function Group({ group, moment }: GroupProps): ReactNode {
  const { words } = usePage();
  const names: readonly SwitchName[] = switchGroups[group];
  const on = useOn(names);
  return (
    <details className="switch-group">
      <summary>
        {words.switchGroups[group]} {on > 0 && <span className="count">{on}</span>}
      </summary>
      <ul className="switches">
        {names.map((name) => (
          <li key={name}>
            <Switch name={name} moment={moment} />
          </li>
        ))}
      </ul>
    </details>
  );
}

interface SwitchProps {
  readonly name: SwitchName;
  readonly moment: Moment;
}

/** Shows what was chosen at once; the world follows. */
function Switch({ name, moment }: SwitchProps): ReactNode {
  const { words, state, act } = usePage();
  const [wanted, setWanted] = useState<boolean>();
  const is = state.switches[name];
  const choose = async (on: boolean) => {
    setWanted(on);
    await act({ do: 'world', what: 'switch', name, on, moment });
    setWanted(undefined);
  };
  return (
    <label>
      <input
        type="checkbox"
        checked={wanted ?? is?.on === true}
        onChange={({ target }) => void choose(target.checked)}
      />
      <span>
        {words.switches[name]}
        {is?.waitsFor !== undefined && (
          <span className="chip warn">{words.waitsFor(words.moments[is.waitsFor])}</span>
        )}
      </span>
    </label>
  );
}
