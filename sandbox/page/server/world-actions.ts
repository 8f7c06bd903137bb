import * as z from 'zod';
import type { WorldAction } from '../protocol.ts';
import { moments, switchNames } from '../switch-names.ts';

const week = 7 * 24 * 3_600_000;

export const worldAction: z.ZodType<WorldAction> = z.discriminatedUnion('what', [
  z.strictObject({
    do: z.literal('world'),
    what: z.literal('switch'),
    name: z.enum(switchNames),
    on: z.boolean(),
    moment: z.enum(moments).optional(),
  }),
  z.strictObject({ do: z.literal('world'), what: z.literal('jump'), at: z.int().positive() }),
  z.strictObject({ do: z.literal('world'), what: z.literal('upgrade'), version: z.string().max(20) }),
  z.strictObject({ do: z.literal('world'), what: z.literal('clock'), ms: z.int().positive().max(week) }),
]);
