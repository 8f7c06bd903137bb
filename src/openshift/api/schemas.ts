import { z } from 'zod';
import type { Condition } from '../../domain/cluster/facts.ts';

/**
 * Only the fields that are looked at; everything else in an object is ignored. Go writes an empty list or an unset time
 * as null or leaves it out, so both are taken; a wrong type is an error that names its path.
 */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

function listOf<T>(item: z.ZodType<T>) {
  return z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
}

const instant = z.string().transform((value, context) => {
  const ms = Date.parse(value);
  if (!Number.isNaN(ms)) return ms;
  context.addIssue({ code: 'custom', message: 'Invalid time' });
  return z.NEVER;
});

const metadata = z.object({ name: z.string(), generation: z.number().nullish() });

const condition = z
  .object({ type: z.string(), status: z.string(), reason: text, message: text })
  .transform(({ type, status, reason, message }): Condition => {
    const known = status === 'True' || status === 'False' ? status : 'Unknown';
    return { type, status: known, ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
  });

const withConditions = z.object({ conditions: listOf(condition) });

export const clusterVersion = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({
    clusterID: z.string().min(1),
    desiredUpdate: z.object({ version: text, image: text }).nullish(),
  }),
  status: z.object({
    desired: z.object({ version: text, image: z.string().min(1) }),
    history: listOf(
      z.object({
        state: z.string(),
        version: text,
        image: text,
        startedTime: instant.nullish(),
        completionTime: instant.nullish(),
      }),
    ),
    observedGeneration: z.number().nullish(),
    conditions: listOf(condition),
  }),
});

export const infrastructure = z.object({
  status: z.object({ infrastructureName: z.string().min(1), apiServerURL: text, controlPlaneTopology: text }),
});

export const proxy = z.object({
  status: z
    .object({ httpProxy: text, httpsProxy: text, noProxy: text })
    .nullish()
    .transform((status) => status ?? { httpProxy: '', httpsProxy: '', noProxy: '' }),
});

export const clusterOperator = z.object({ metadata, status: withConditions.nullish() });

export const etcd = z.object({
  status: z.object({
    conditions: listOf(condition),
    nodeStatuses: listOf(z.object({ nodeName: z.string(), currentRevision: z.number().nullish() })),
  }),
});

export const apiServer = z.object({
  spec: z.object({ encryption: z.object({ type: text }).nullish() }).nullish(),
});

/** `kubeapiservers/cluster`, `openshiftapiservers/cluster`, `authentications/cluster` of operator.openshift.io */
export const apiServerOperator = z.object({ status: withConditions.nullish() });

export const authentication = z.object({ spec: z.object({ type: text }).nullish() });

export const node = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).nullish() }),
  spec: z.object({ unschedulable: z.boolean().nullish() }).nullish(),
  status: z.object({
    conditions: listOf(condition),
    addresses: listOf(z.object({ type: z.string(), address: z.string() })),
  }),
});

export const pod = z.object({
  metadata,
  spec: z.object({
    nodeName: text,
    containers: z.array(z.object({ name: z.string(), image: text })),
  }),
  status: withConditions.nullish(),
});

export const namespace = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).nullish() }),
});

export const configMap = z.object({ data: z.record(z.string(), z.string()).nullish() });

export const machineConfigPool = z.object({ metadata, status: withConditions.nullish() });

/** Backup and EtcdBackup of the preview API. */
export const previewBackup = z.object({ metadata });

export const group = z.object({ metadata, users: listOf(z.string()) });

/** SubjectAccessReview and SelfSubjectAccessReview */
export const accessReview = z.object({ status: z.object({ allowed: z.boolean() }) });

/** SelfSubjectRulesReview; `incomplete` changes nothing for the rules that are there. */
export const rulesReview = z.object({
  status: z.object({
    resourceRules: listOf(
      z.object({
        verbs: listOf(z.string()),
        apiGroups: listOf(z.string()),
        resources: listOf(z.string()),
        resourceNames: listOf(z.string()),
      }),
    ),
  }),
});
