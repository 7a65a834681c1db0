/** What a picture says of itself, as exiftool reads it. */

import type { FileView, Report } from '../../src/plugin/api.ts';
import { askExiftool } from '../reading/exiftool.ts';
import type { Tags } from '../reading/tags.ts';
import { oneLine } from '../reading/text.ts';
import { CAMERA_TAGS, cameraOf, type Camera } from './camera.ts';
import { PEOPLE_TAGS, peopleOf } from './people.ts';
import { PLACE_TAGS, placeOf, type Place } from './place.ts';
import { SIZE_TAGS, sizeOf, type Size } from './size.ts';
import { TAKEN_TAGS, takenOf } from './taken.ts';
import { WORDS_TAGS, wordsOf, type Words } from './words.ts';

export interface PictureFields extends Camera, Place, Size, Words {
  readonly taken?: string;
  readonly people?: readonly string[];
}

/** What is asked for; `-fast` leaves out what stands behind the picture: previews, and other files. */
const ASKED: readonly string[] = [
  '-fast',
  ...[...TAKEN_TAGS, ...CAMERA_TAGS, ...SIZE_TAGS, ...PLACE_TAGS, ...PEOPLE_TAGS, ...WORDS_TAGS],
];

export async function readPicture(file: FileView, report: Report): Promise<PictureFields> {
  if (file.bytes.size === 0) return {};
  const told = await askExiftool(await file.localPath(), ASKED);
  if (told.kind === 'failed') {
    report({ code: 'pictures/not-read', severity: 'warning', reason: told.reason });
    return {};
  }
  const fault = oneLine(told.fault);
  if (fault !== undefined) report({ code: 'pictures/damaged', severity: 'note', reason: reasonOf(fault) });
  return fieldsOf(told.tags);
}

/** All that tags say. */
export function fieldsOf(tags: Tags): PictureFields {
  const taken = takenOf(tags);
  const people = peopleOf(tags);
  return {
    ...cameraOf(tags),
    ...placeOf(tags),
    ...sizeOf(tags),
    ...wordsOf(tags),
    ...(taken === undefined ? {} : { taken }),
    ...(people === undefined ? {} : { people }),
  };
}

/** exiftool's own words, as a finding has them. */
function reasonOf(fault: string): string {
  return `exiftool says: ${fault.replace(/\.+$/, '')}`;
}
