/** The id of a picture in a format of which exiftool knows where the image data is: TIFF and raw formats, HEIF, WebP … */

import type { FileView, Report } from '../../src/plugin/api.ts';
import { askExiftool } from '../reading/exiftool.ts';

const ASKED = ['-fast', '-api', 'ImageHashType=SHA256', '-ImageDataHash'];
/** What SHA-256 makes of nothing: it found no image data, and all such pictures would be one. */
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** exiftool's `ImageDataHash`; undefined where it has none. */
export async function hashedImage(file: FileView, report: Report): Promise<string | undefined> {
  if (file.bytes.size === 0) return undefined;
  const told = await askExiftool(await file.localPath(), ASKED);
  if (told.kind === 'failed') {
    report({ code: 'pictures/not-read', severity: 'warning', reason: told.reason });
    return undefined;
  }
  const hash = told.tags.text('File:ImageDataHash', 'Composite:ImageDataHash');
  return hash === undefined || !/^[0-9a-f]{64}$/.test(hash) || hash === OF_NOTHING ? undefined : hash;
}
