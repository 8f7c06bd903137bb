import { z } from 'zod';
import { known, type Reading, unknown } from '../../domain/cluster/reading.ts';
import { redact } from '../../domain/redaction/redact.ts';
import type { ClientTool } from '../../workflow/ports/ports.ts';
import { runClient } from './client-process.ts';

export interface ClientToolOptions {
  /** oc or kubectl: a bare name (found in PATH) or an absolute path. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  /** SECRET values of `env`. */
  readonly secrets?: readonly string[];
  /** 10 s by default. */
  readonly deadlineMs?: number;
}

// `releaseClientVersion` is oc's own; for both, clientVersion is the Kubernetes release that it is made of.
const answerSchema = z.object({
  clientVersion: z.object({ gitVersion: z.string().min(1) }),
  releaseClientVersion: z.string().optional(),
});

/** Asks oc or kubectl for its version, the one question that needs no cluster. */
export function createClientTool(options: ClientToolOptions): ClientTool {
  const { path, env, secrets, deadlineMs = 10_000 } = options;
  return {
    path,
    async version() {
      const outcome = await runClient({ path, env, secrets }, ['version', '--client', '-o', 'json'], {
        deadlineMs,
      });
      if (outcome.kind === 'no-client') return unknown('absent', `no program to be run at ${path}`);
      if (outcome.kind !== 'ended') return unknown('timeout', `no answer within ${deadlineMs / 1000} s`);
      if (outcome.exitCode !== 0) return unknown('malformed', failureText(outcome));
      return readVersion(outcome.stdout);
    },
  };
}

function readVersion(stdout: string): Reading<string> {
  try {
    const { clientVersion, releaseClientVersion } = answerSchema.parse(JSON.parse(stdout));
    const { gitVersion } = clientVersion;
    return known(releaseClientVersion ? `${releaseClientVersion} (Kubernetes ${gitVersion})` : gitVersion);
  } catch {
    return unknown('malformed', 'it did not tell its version as oc and kubectl do');
  }
}

function failureText({ exitCode, stderr }: { exitCode: number | undefined; stderr: string }): string {
  const [line = ''] = redact(stderr).trim().split('\n');
  const how = exitCode === undefined ? 'it was ended by a signal' : `exit code ${exitCode}`;
  return line === '' ? how : `${how}: ${line.slice(0, 200)}`;
}
