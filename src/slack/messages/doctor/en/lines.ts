import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';
import { botLines } from './bot-lines.ts';
import { clusterLines } from './cluster-lines.ts';
import { slackLines } from './slack-lines.ts';
import { tokenLines } from './token-lines.ts';

export const doctorLines = (t: Tools): DoctorTexts => ({
  ...tokenLines(t),
  ...slackLines(t),
  ...botLines(t),
  ...clusterLines(t),
});
