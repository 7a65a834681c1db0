/** When a picture was taken, by the clock of the camera, with its zone where the file proves one. */

import { hasTime, hasZone, momentOf, zoneBetween, zoneOf } from '../reading/moment.ts';
import type { Tags } from '../reading/tags.ts';

export const TAKEN_TAGS: readonly string[] = [
  ...[
    'DateTimeOriginal',
    'SubSecTimeOriginal',
    'OffsetTimeOriginal',
    'CreateDate',
    'OffsetTimeDigitized',
  ].map((name) => `-EXIF:${name}`),
  ...['-Composite:GPSDateTime', '-XMP-exif:DateTimeOriginal', '-XMP-photoshop:DateCreated'],
  ...['-IPTC:DateCreated', '-IPTC:TimeCreated', '-PNG:CreationTime', '-RIFF:DateTimeOriginal'],
  ...['-Keys:CreationDate', '-ItemList:ContentCreateDate', '-UserData:DateTimeOriginal'],
  ...['-QuickTime:CreateDate', '-H264:DateTimeOriginal'],
];

/** The first that the file says, from the camera's own word to what the container notes of itself. */
export function takenOf(tags: Tags): string | undefined {
  return (
    takenByExif(tags) ??
    firstMoment(tags, 'XMP-exif:DateTimeOriginal', 'XMP-photoshop:DateCreated') ??
    takenByIptc(tags) ??
    firstMoment(tags, 'PNG:CreationTime', 'RIFF:DateTimeOriginal', 'H264:DateTimeOriginal') ??
    firstMoment(tags, 'Keys:CreationDate', 'ItemList:ContentCreateDate', 'UserData:DateTimeOriginal') ??
    takenByMovie(tags)
  );
}

function firstMoment(tags: Tags, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const moment = momentOf(tags.text(name));
    if (moment !== undefined) return moment;
  }
  return undefined;
}

function takenByExif(tags: Tags): string | undefined {
  const text = tags.text('EXIF:DateTimeOriginal');
  const local = momentOf(text);
  if (local === undefined || !hasTime(local) || hasZone(local)) return local;
  const fraction = tags.text('EXIF:SubSecTimeOriginal') ?? '';
  const exact = /^\d{1,9}$/.test(fraction) && !local.includes('.') ? `${local}.${fraction}` : local;
  return `${exact}${zoneByExif(tags, text!, local) ?? ''}`;
}

/** As written; that of the digitizing only where it was the same moment; else by what satellites said it was. */
function zoneByExif(tags: Tags, text: string, local: string): string | undefined {
  const zone = zoneOf(tags.text('EXIF:OffsetTimeOriginal'));
  if (zone !== undefined) return zone;
  const digitized = zoneOf(tags.text('EXIF:OffsetTimeDigitized'));
  if (digitized !== undefined && tags.text('EXIF:CreateDate') === text) return digitized;
  const utc = momentOf(tags.text('Composite:GPSDateTime'));
  return utc?.endsWith('Z') === true ? zoneBetween(local, utc) : undefined;
}

function takenByIptc(tags: Tags): string | undefined {
  const day = tags.text('IPTC:DateCreated');
  const time = tags.text('IPTC:TimeCreated');
  return day === undefined ? undefined : (momentOf(`${day} ${time ?? ''}`) ?? momentOf(day));
}

/** ISO 14496-12, 8.2.2: in UTC. 0 and the beginning of 1970 are no moments. */
function takenByMovie(tags: Tags): string | undefined {
  const moment = momentOf(tags.text('QuickTime:CreateDate'));
  return moment === undefined || !hasTime(moment) || moment < '1971' ? undefined : `${moment}Z`;
}
