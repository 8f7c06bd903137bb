import type { FindingsWording } from '../wording.ts';
import { controlPlaneFindings } from './findings-control-plane.ts';
import { nodeFindings } from './findings-node.ts';
import { releaseFindings } from './findings-release.ts';

export const findings: FindingsWording = { ...releaseFindings, ...controlPlaneFindings, ...nodeFindings };
