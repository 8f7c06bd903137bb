import type { Fault, RequestFault } from '../../../cluster/faults.ts';
import type { Behaviour, RequestInfo, World } from '../../../world.ts';
import type { BotKeeper } from '../bot-keeper.ts';

/** Puts back what a switch broke. */
export type Undo = () => unknown;

/** What a switch works with. */
export interface SwitchStage {
  readonly world: World;
  readonly bot: BotKeeper;
  /** Strikes requests to the cluster's API that match. */
  strike(match: Match, fault: RequestFault | Fault): Undo;
  /** What nodes do beside what other switches have them do. */
  behave(behaviour: Partial<Behaviour>): Promise<Undo>;
}

export type Match = (request: RequestInfo) => boolean;

/** Breaks it now. `off`: for what is over by itself. */
export type Play = (stage: SwitchStage, off: () => void) => Undo | Promise<Undo>;

export function together(parts: readonly Undo[]): Undo {
  return () => {
    for (const undo of parts) undo();
  };
}
