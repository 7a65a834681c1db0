/** Where a picture was taken: on the globe, and in words. */

import type { Tags } from '../reading/tags.ts';

export const PLACE_TAGS: readonly string[] = [
  ...['Latitude', 'Longitude', 'Altitude'].flatMap((name) => [
    `-Composite:GPS${name}#`,
    `-XMP-exif:GPS${name}#`,
  ]),
  ...['-XMP-exif:GPSAltitudeRef#', '-XMP-iptcCore:Location', '-IPTC:Sub-location'],
  ...['-XMP-photoshop:City', '-IPTC:City', '-XMP-photoshop:State', '-IPTC:Province-State'],
  ...['-XMP-photoshop:Country', '-IPTC:Country-PrimaryLocationName'],
];

export interface Place {
  readonly latitude?: number;
  readonly longitude?: number;
  readonly altitude?: number;
  readonly place?: string;
  readonly city?: string;
  readonly region?: string;
  readonly country?: string;
}

/** What is asked in words: the field, and the tags that say it. */
const NAMED = [
  ['place', 'XMP-iptcCore:Location', 'IPTC:Sub-location'],
  ['city', 'XMP-photoshop:City', 'IPTC:City'],
  ['region', 'XMP-photoshop:State', 'IPTC:Province-State'],
  ['country', 'XMP-photoshop:Country', 'IPTC:Country-PrimaryLocationName'],
] as const;

export function placeOf(tags: Tags): Place {
  const named = NAMED.flatMap(([field, ...names]) => {
    const text = tags.text(...names);
    return text === undefined ? [] : [[field, text] as const];
  });
  return { ...pointOf(tags), ...Object.fromEntries(named) };
}

/** The seventh decimal is a centimetre. */
const FINEST = 1e7;

function pointOf(tags: Tags): Place {
  const latitude = tags.number('Composite:GPSLatitude', 'XMP-exif:GPSLatitude');
  const longitude = tags.number('Composite:GPSLongitude', 'XMP-exif:GPSLongitude');
  if (latitude === undefined || longitude === undefined) return {};
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return {};
  // Who never had a fix writes zeros; there is nothing but water.
  if (latitude === 0 && longitude === 0) return {};
  const altitude = altitudeOf(tags);
  return {
    latitude: Math.round(latitude * FINEST) / FINEST,
    longitude: Math.round(longitude * FINEST) / FINEST,
    ...(altitude === undefined ? {} : { altitude }),
  };
}

/** In metres; XMP alone has its sign in another tag. */
function altitudeOf(tags: Tags): number | undefined {
  const below = tags.number('XMP-exif:GPSAltitudeRef') === 1 ? -1 : 1;
  const plain = tags.number('XMP-exif:GPSAltitude');
  const altitude = tags.number('Composite:GPSAltitude') ?? (plain === undefined ? undefined : below * plain);
  return altitude === undefined ? undefined : Math.round(altitude * 1000) / 1000;
}
