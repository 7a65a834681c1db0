/** Who is to be seen in a picture, by what programs wrote that mark faces or name people. */

import { linesOf } from '../reading/text.ts';
import type { Structure, Tags } from '../reading/tags.ts';

export const PEOPLE_TAGS: readonly string[] = [
  ...['-XMP-mwg-rs:RegionInfo', '-XMP-MP:RegionInfoMP'],
  ...['-XMP-iptcExt:PersonInImage', '-XMP-iptcExt:PersonInImageWDetails'],
];

/** Names, each once; undefined where there are none. */
export function peopleOf(tags: Tags): readonly string[] | undefined {
  const names = linesOf([
    ...tags.structures('XMP-mwg-rs:RegionInfo', 'RegionList').filter(isFace).map(member('Name')),
    ...tags.structures('XMP-MP:RegionInfoMP', 'Regions').map(member('PersonDisplayName')),
    ...tags.texts('XMP-iptcExt:PersonInImage'),
    ...tags.structures('XMP-iptcExt:PersonInImageWDetails').map(member('PersonName')),
  ]);
  return names.length === 0 ? undefined : names;
}

/** Regions are of pets, of what is in focus, and of bar codes too. */
function isFace({ Type: type }: Structure): boolean {
  return type === undefined || type === 'Face';
}

function member(name: string): (structure: Structure) => unknown {
  return (structure) => structure[name];
}
