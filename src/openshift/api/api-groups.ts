import { z } from 'zod';

const groupList = z.object({
  kind: z.literal('APIGroupList'),
  groups: z.array(z.object({ name: z.string() })),
});

/** Names of all API groups that the server knows; everybody who is authenticated may ask. Undefined: not known. */
export async function servedGroups(
  get: (path: string) => Promise<unknown>,
): Promise<readonly string[] | undefined> {
  try {
    return groupList.parse(await get('/apis')).groups.map((group) => group.name);
  } catch {
    return undefined;
  }
}
