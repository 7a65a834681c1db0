/** How texts are dealt out to several patches where one cannot hold them. */

import { digest } from '../disk/blake3.ts';
import { Interrupted } from '../model/problem.ts';
import { breathe } from '../scan/crew.ts';
import { MANIFEST } from '../text/mirror.ts';
import { writeStanza } from '../text/patch-write.ts';
import type { Context } from './context.ts';
import type { PlannedText } from './planned-text.ts';

/** Groups that each fit into a patch of `limit` bytes: manifests first, then the other texts. */
export async function groupsForPatches(
  { interrupted }: Context,
  texts: readonly PlannedText[],
  limit: number,
): Promise<PlannedText[][]> {
  const isManifest = ({ path }: PlannedText): boolean => path.endsWith(`/${MANIFEST}`);
  const ordered = [...texts.filter(isManifest), ...texts.filter((text) => !isManifest(text))];
  const groups: PlannedText[][] = [[]];
  let bytes = 0;
  let first: PlannedText | undefined;
  for (const text of ordered) {
    const change = text.make();
    if (change === undefined) continue;
    const length = Buffer.byteLength(writeStanza(change, digest));
    const startsOthers = first !== undefined && isManifest(first) && !isManifest(text);
    if (groups.at(-1)!.length > 0 && (bytes + length > limit || startsOthers)) {
      groups.push([]);
      bytes = 0;
    }
    if (groups.at(-1)!.length === 0) first = text;
    groups.at(-1)!.push(text);
    bytes += length;
    await breathe();
    if (interrupted()) throw new Interrupted();
  }
  return groups;
}
