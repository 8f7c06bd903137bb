import type { ReadyReason } from '../../domain/readiness.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** The answer to "may this cluster be updated now?". */
export interface ReadyWording {
  title(p: { cluster: string; ready: boolean; version: string | undefined }): Markup;
  readonly reason: {
    readonly [Kind in ReadyReason['kind']]: (
      reason: Extract<ReadyReason, { kind: Kind }>,
      cluster: string,
      t: Tools,
    ) => Markup;
  };
}
