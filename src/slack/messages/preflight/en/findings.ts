import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';
import { controlPlaneFindings } from './findings-control-plane.ts';
import { nodeFindings } from './findings-node.ts';
import { releaseFindings } from './findings-release.ts';
import { sessionFindings } from './findings-session.ts';

export const findings = (t: Tools): FindingTexts => ({
  ...releaseFindings(t),
  ...controlPlaneFindings(t),
  ...nodeFindings(t),
  ...sessionFindings(t),
});
