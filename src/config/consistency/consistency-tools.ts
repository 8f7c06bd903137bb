import { minorOfRelease } from '../../domain/drill/etcd-minor.ts';
import type { Collected } from '../file/findings.ts';
import { isMapping } from '../file/with-defaults.ts';
import { refusedVariable } from '../schema/client-schema.ts';

/** What is given to oc or kubectl, to drills and as the proxy. */
export function checkTools(all: Collected): void {
  checkClientVariables(all);
  checkDrillTools(all);
  checkProxyScheme(all);
}

/** Names are looked at whatever the values are. */
function checkClientVariables({ source, mistakes }: Collected): void {
  for (const name of keysAt(source.at(['client', 'env']))) {
    const why = refusedVariable(name);
    if (why !== undefined) mistakes.push(source.mistake(['client', 'env', name], `another variable: ${why}`));
  }
}

/** The releases of OpenShift that the bot knows of, as far as their etcd goes. */
const knownMinors = [
  ...new Set(Array.from({ length: 40 }, (_, minor) => minorOfRelease(`4.${minor}.0`) ?? [])),
].flat();

function checkDrillTools({ source, warnings }: Collected): void {
  for (const minor of keysAt(source.at(['drillTools']))) {
    if (knownMinors.includes(minor)) continue;
    const text = `no release of OpenShift that the bot knows runs etcd ${minor} (they run ${knownMinors.join(', ')})`;
    warnings.push(source.warning(['drillTools', minor], text));
  }
}

function checkProxyScheme({ source, warnings }: Collected): void {
  const url = source.at(['proxy', 'url']);
  if (typeof url !== 'string' || url === '' || url.includes('://')) return;
  const text = 'without http:// or https://: it is taken for http://; write down which one is meant';
  warnings.push(source.warning(['proxy', 'url'], text));
}

function keysAt(value: unknown): readonly string[] {
  return isMapping(value) ? Object.keys(value) : [];
}
