/** Length-delimited fields of one protobuf message: bytes by field number; whole numbers go into `numbers`. The rest is skipped. */
function messageFields(bytes: Buffer, numbers = new Map<number, number>()): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === 0) numbers.set(Math.floor(tag / 8), varint());
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const length = varint();
      fields.set(Math.floor(tag / 8), bytes.subarray(at, at + length));
      at += length;
    }
  }
  return fields;
}

/** The first bytes of an object that Kubernetes encodes as protobuf. */
const magic = Buffer.from('k8s\0');

/**
 * Reads a SelfSubjectAccessReview or a TokenRequest as kubectl sends it (`kubectl auth can-i` and `create token` speak
 * protobuf only). Undefined for any other object.
 */
export function decodeObject(bytes: Buffer): object | undefined {
  if (!bytes.subarray(0, 4).equals(magic)) return undefined;
  const envelope = messageFields(bytes.subarray(4));
  const kind = text(messageFields(envelope.get(1) ?? Buffer.alloc(0)), 2);
  const spec = messageFields(envelope.get(2) ?? Buffer.alloc(0)).get(2) ?? Buffer.alloc(0);
  if (kind === 'SelfSubjectAccessReview') {
    return { apiVersion: 'authorization.k8s.io/v1', kind, metadata: {}, spec: specOf(messageFields(spec)) };
  }
  if (kind !== 'TokenRequest') return undefined;
  const numbers = new Map<number, number>();
  messageFields(spec, numbers);
  return {
    apiVersion: 'authentication.k8s.io/v1',
    kind,
    metadata: {},
    spec: { expirationSeconds: numbers.get(4) },
  };
}

function specOf(spec: Map<number, Buffer>): object {
  const [resource, path] = [spec.get(1), spec.get(2)];
  if (resource === undefined) {
    const fields = messageFields(path ?? Buffer.alloc(0));
    return { nonResourceAttributes: { path: text(fields, 1), verb: text(fields, 2) } };
  }
  const names = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'];
  const fields = messageFields(resource);
  return {
    resourceAttributes: Object.fromEntries(names.map((name, index) => [name, text(fields, index + 1)])),
  };
}

function text(fields: Map<number, Buffer>, number: number): string {
  return fields.get(number)?.toString('utf8') ?? '';
}
