/** The manifests of one piece of work, each parsed once however often it is asked for. */

import type { Manifest } from '../model/manifest.ts';
import { parseManifest, parseVersion } from '../text/manifest.ts';

/** The manifest that a canonical text says, which is one that became of `like`; throws a TextError for any other text. */
export type ReadManifest = (text: string, like?: string) => Manifest;

export const readManifest: ReadManifest = (text) => parseManifest(text);

/** Holds all that it read: for as many texts as differ between commits, not for all there are. */
export function rememberManifests(): ReadManifest {
  const known = new Map<string, Manifest>();
  return (text, like) => {
    let manifest = known.get(text);
    if (manifest === undefined) {
      const near = like === undefined ? undefined : known.get(like);
      manifest = near ? parseVersion(text, { text: like!, manifest: near }) : parseManifest(text);
      known.set(text, manifest);
    }
    return manifest;
  };
}
