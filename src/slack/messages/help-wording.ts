import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

export const helpTopics = [
  'run',
  'check',
  'status',
  'list',
  'show',
  'audit',
  'approve',
  'reject',
  'cancel',
  'verify',
  'drill',
  'restore-plan',
  'ready-to-update',
  'doctor',
  'files',
  'restore',
] as const;
export type HelpTopic = (typeof helpTopics)[number];

export interface HelpWording {
  overview(t: Tools): readonly Markup[];
  readonly topics: Readonly<Record<HelpTopic, (t: Tools) => readonly Markup[]>>;
  unknownTopic(p: { topic: string; nearest: string | undefined }, t: Tools): Markup;
}
