/** Which files are music, by how they are written. */

const names = (...suffixes: readonly string[]): readonly string[] => suffixes.map((suffix) => `*.${suffix}`);

export const FLAC = names('flac');
export const MP3 = names('mp1', 'mp2', 'mp3');
export const AAC = names('aac');
export const OGG = names('oga', 'ogg', 'opus', 'spx');
export const MP4 = names('m4a', 'm4b', 'm4p', 'mp4');
export const MATROSKA = names('mka', 'webm');
export const WAV = names('wav');
export const AIFF = names('aif', 'aifc', 'aiff');
export const DSF = names('dsf');
export const WMA = names('wma');
/** Those whose tags all stand before or behind the sound. */
export const UNTAGGED = names('ape', 'mpc', 'tta', 'wv');

/** What music-metadata reads: True Audio it does not, DSDIFF it does. */
export const SONGS: readonly string[] = [
  ...[...FLAC, ...MP3, ...AAC, ...OGG, ...MP4, ...MATROSKA, ...WAV, ...AIFF, ...DSF, ...WMA],
  ...names('ape', 'dff', 'mpc', 'wv'),
];
