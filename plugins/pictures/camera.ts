/** With what a picture was taken, and how the camera was set. */

import type { Tags } from '../reading/tags.ts';

export const CAMERA_TAGS: readonly string[] = [
  ...['Make', 'Model'].flatMap((name) => [`-EXIF:${name}`, `-QuickTime:${name}`, `-XMP-tiff:${name}`]),
  ...['-EXIF:LensModel', '-XMP-exifEX:LensModel', '-XMP-aux:Lens', '-Composite:LensID'],
  ...['-EXIF:ExposureTime', '-EXIF:FNumber#', '-EXIF:ISO#', '-EXIF:FocalLength#'],
];

export interface Camera {
  readonly camera?: string;
  readonly lens?: string;
  readonly shutter?: string;
  readonly aperture?: number;
  readonly iso?: number;
  readonly 'focal-length'?: number;
}

export function cameraOf(tags: Tags): Camera {
  const camera = nameOf(
    tags.text('EXIF:Make', 'QuickTime:Make', 'XMP-tiff:Make'),
    tags.text('EXIF:Model', 'QuickTime:Model', 'XMP-tiff:Model'),
  );
  const lens = lensOf(tags);
  const shutter = tags.text('EXIF:ExposureTime');
  const aperture = positive(tags.number('EXIF:FNumber'));
  const iso = positive(tags.number('EXIF:ISO'));
  const focal = positive(tags.number('EXIF:FocalLength'));
  return {
    ...(camera === undefined ? {} : { camera }),
    ...(lens === undefined ? {} : { lens }),
    ...(shutter !== undefined && isShutter(shutter) ? { shutter } : {}),
    ...(aperture === undefined ? {} : { aperture }),
    ...(iso === undefined || !Number.isSafeInteger(iso) ? {} : { iso }),
    ...(focal === undefined ? {} : { 'focal-length': focal }),
  };
}

function positive(number: number | undefined): number | undefined {
  return number === undefined || number <= 0 ? undefined : Math.round(number * 1000) / 1000;
}

/** `1/250`, `0.5`, `30`: zeros are what a file without a shutter says. */
function isShutter(text: string): boolean {
  return /^(?:1\/[1-9]\d*|\d+(?:\.\d+)?)$/.test(text) && Number(text) !== 0;
}

/** Words that say what kind of company it is. */
const COMPANY =
  /[\s,]+(?:corporation|corp|company|co|ltd|limited|inc|gmbh|ag|computer|optical|electric|electronics|imaging|techwin|international|foto)\b[.,]*/gi;

/** Model with its maker before it, unless that begins the model: `NIKON CORPORATION`, `NIKON D70s` is `NIKON D70s`. */
function nameOf(make: string | undefined, model: string | undefined): string | undefined {
  const maker = make?.replace(COMPANY, '').trim() || make;
  if (maker === undefined || model === undefined) return model ?? maker;
  const [word = ''] = maker.split(/[\s-]/, 1);
  return model.toLowerCase().startsWith(word.toLowerCase()) ? model : `${maker} ${model}`;
}

/** The name that the camera wrote, else the one that the lens's number stands for, where that is one lens. */
function lensOf(tags: Tags): string | undefined {
  const written = tags.text('EXIF:LensModel', 'XMP-exifEX:LensModel', 'XMP-aux:Lens');
  if (written !== undefined && /[\p{L}\d]/u.test(written) && !/^(?:unknown|n\/a|0)\b/i.test(written))
    return written;
  const named = tags.text('Composite:LensID');
  return named === undefined || /^unknown\b|^n\/a$| or |^[\d.]+$/i.test(named) ? undefined : named;
}
