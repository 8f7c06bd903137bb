import type { Manifest } from '../copies/manifest-document.ts';
import type { NamedMoment } from '../text/moment.ts';
import { clocksApartMs } from '../text/trusted-time.ts';

/** A backup is wanted that still holds what was there at this moment, when something was deleted. */
export interface WantedBefore extends NamedMoment {
  /** IANA name: by whose clocks the moment was named, and is shown. */
  readonly timeZone: string;
}

/** The latest moment that a snapshot can be of. */
export interface ScriptEnd {
  /** When the script was seen to have ended, by the bot's clock. ISO 8601. */
  readonly ended: string;
  /** How far the node's clock was from the bot's: the moment may have been read off either. */
  readonly apartMs: number;
  /** False: the run did not measure it, and as much is allowed for as the clocks may differ unnoticed. */
  readonly measured: boolean;
}

/** A manifest of the first format has only the end of the run, which is later than that of its script. */
export function scriptEnd({ times, node: { clockAheadMs } }: Manifest): ScriptEnd {
  const ended = times.scriptEnded ?? times.finished;
  return clockAheadMs === undefined
    ? { ended, apartMs: clocksApartMs, measured: false }
    : { ended, apartMs: Math.abs(clockAheadMs), measured: true };
}

/** Its script had ended before that moment by any of the two clocks: what was deleted then is still in it. */
export function endedBefore(manifest: Manifest, { at }: WantedBefore): boolean {
  const { ended, apartMs } = scriptEnd(manifest);
  return Date.parse(ended) + apartMs < at;
}
