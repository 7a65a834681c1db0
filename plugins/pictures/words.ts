/** What people wrote of a picture: title, caption, tags and rating. */

import { linesOf, oneLine, prose } from '../reading/text.ts';
import type { Tags } from '../reading/tags.ts';

export const WORDS_TAGS: readonly string[] = [
  ...[
    '-XMP-dc:Title',
    '-IPTC:ObjectName',
    '-EXIF:XPTitle',
    '-PNG:Title',
    '-Keys:DisplayName',
    '-ItemList:Title',
  ],
  ...['-XMP-dc:Description', '-IPTC:Caption-Abstract', '-EXIF:ImageDescription', '-PNG:Description'],
  ...['-EXIF:XPComment', '-EXIF:UserComment', '-Keys:Description', '-ItemList:Description'],
  ...['-XMP-dc:Subject', '-IPTC:Keywords', '-EXIF:XPKeywords', '-XMP-microsoft:LastKeywordXMP'],
  ...['-XMP-lr:HierarchicalSubject', '-XMP-digiKam:TagsList', '-Keys:Keywords'],
  ...['-XMP-xmp:Rating#', '-EXIF:Rating#'],
];

export interface Words {
  readonly title?: string;
  readonly caption?: string;
  readonly tags?: readonly string[];
  readonly rating?: number;
}

export function wordsOf(tags: Tags): Words {
  const title = tags.text(
    ...['XMP-dc:Title', 'IPTC:ObjectName', 'EXIF:XPTitle'],
    ...['PNG:Title', 'Keys:DisplayName', 'ItemList:Title'],
  );
  const caption = captionOf(tags);
  const words = tagsOf(tags);
  const rating = ratingOf(tags);
  return {
    ...(title === undefined ? {} : { title }),
    ...(caption === undefined ? {} : { caption }),
    ...(words.length === 0 ? {} : { tags: words }),
    ...(rating === undefined ? {} : { rating }),
  };
}

/** What cameras and programs put where a person's words belong. */
const NOBODYS =
  /^(?:(?:olympus|sanyo|minolta|konica|konica minolta|epson|kodak|samsung|pentax|ricoh)?[\s_]*(?:digital[\s_]*(?:still[\s_]*)?camera|dsc[\s_]*picture)?|sony[\s_]*dsc|exif[\s_]*jpeg(?:[\s_]*(?:picture|t\d+))?|(?:dsc[nf]?|img|dscf|pict|imgp|p|sany|dcim)?[\s_-]*\d+(?:\.jpe?g)?|untitled|default|picture|ascii|charset=.*|binary comment|<[^>]*>|(?:screenshot|dav|mde|hdr|dig|sdr|cof|rbt|oznor)(?:[\s_].*)?)$/i;

function captionOf(tags: Tags): string | undefined {
  const written = prose(
    tags.raw(
      'XMP-dc:Description',
      'IPTC:Caption-Abstract',
      'PNG:Description',
      'EXIF:XPComment',
      'Keys:Description',
    ),
  );
  if (written !== undefined) return written;
  const model = oneLine(tags.text('EXIF:Model'))?.toLowerCase();
  return ['EXIF:ImageDescription', 'EXIF:UserComment', 'ItemList:Description']
    .map((name) => prose(tags.raw(name)))
    .find((text) => text !== undefined && !NOBODYS.test(text) && text.toLowerCase() !== model);
}

/** Flat ones as they are; of those below others, `Places|Italy|Rome`, each level stands behind a '/'. */
function tagsOf(tags: Tags): readonly string[] {
  return linesOf([
    ...tags.texts('XMP-dc:Subject', 'IPTC:Keywords', 'Keys:Keywords').flatMap(separate),
    ...tags.texts('EXIF:XPKeywords').flatMap((words) => words.split(';')),
    ...tags.texts('XMP-lr:HierarchicalSubject').map((path) => levels(path, '|')),
    ...tags.texts('XMP-microsoft:LastKeywordXMP', 'XMP-digiKam:TagsList').map((path) => levels(path, '/')),
  ]);
}

/** Programs that know no lists write one text; a comma in a word is rarer than these. */
function separate(text: string): readonly string[] {
  return text.split(';');
}

function levels(path: string, separator: string): string {
  return path
    .split(separator)
    .map((level) => level.trim())
    .filter((level) => level !== '')
    .join('/');
}

/** 1 to 5; 0 is none, and -1 is for what was sorted out. */
function ratingOf(tags: Tags): number | undefined {
  const rating = tags.number('XMP-xmp:Rating', 'EXIF:Rating');
  return rating !== undefined && [1, 2, 3, 4, 5].includes(rating) ? rating : undefined;
}
