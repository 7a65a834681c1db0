/** How large a picture is as it is shown, and how it has to be turned for that. */

import type { Tags } from '../reading/tags.ts';

export const SIZE_TAGS: readonly string[] = [
  ...['-Composite:ImageSize#', '-File:FileType', '-EXIF:Orientation#', '-XMP-tiff:Orientation#'],
  ...['-QuickTime:Rotation#', '-Composite:Rotation#'],
];

export interface Size {
  readonly width?: number;
  readonly height?: number;
  readonly orientation?: number;
}

export function sizeOf(tags: Tags): Size {
  const [, first, second] = /^(\d+)[ x](\d+)$/.exec(tags.text('Composite:ImageSize') ?? '') ?? [];
  const orientation = orientationOf(tags);
  const turn = orientation === undefined ? {} : { orientation };
  const [width, height] = [Number(first), Number(second)];
  if (!(width > 0 && height > 0)) return turn;
  return isAcross(tags, orientation) ? { width: height, height: width, ...turn } : { width, height, ...turn };
}

/** As EXIF counts, 1 to 8. */
function orientationOf(tags: Tags): number | undefined {
  // These containers turn by themselves (ISO 23008-12, 6.5.10), and what EXIF says beside it is to be ignored.
  if (isTurnedByItself(tags)) return undefined;
  const orientation = tags.number('IFD0:Orientation', 'EXIF:Orientation', 'XMP-tiff:Orientation');
  return orientation !== undefined && [1, 2, 3, 4, 5, 6, 7, 8].includes(orientation)
    ? orientation
    : undefined;
}

function isTurnedByItself(tags: Tags): boolean {
  return ['HEIC', 'HEIF', 'AVIF', 'HEICS', 'HEIFS', 'AVIFS'].includes(tags.text('File:FileType') ?? '');
}

/** Whether what is wide in the file is high when it is shown. */
function isAcross(tags: Tags, orientation: number | undefined): boolean {
  if (orientation !== undefined) return orientation >= 5;
  const degrees = tags.number('QuickTime:Rotation', 'Composite:Rotation');
  return degrees === 90 || degrees === 270;
}
