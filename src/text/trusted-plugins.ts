/** Which plugins a person trusts, in the bytes they had when they were looked at (README.md, section 16). */

import type { ContentId } from '../model/id.ts';
import { line, type LineMap } from '../model/value.ts';
import { escapeText } from './names.ts';
import { wrongValue } from './problems.ts';
import { contentId, escapedText, fields, like, listOf, parsePeoplesText, type Check } from './reader.ts';
import type { Fields, More } from './reader.ts';
import type { Reader } from './yaml-read.ts';
import { byBytes, writeText } from './yaml-write.ts';

export interface TrustedPlugin extends More {
  readonly name: string;
  /** Absolute, of a file or a folder. */
  readonly path: string;
  /** Of the file; of a folder as section 16 says. */
  readonly blake3: ContentId;
}

export interface TrustedPlugins extends More {
  readonly plugins: readonly TrustedPlugin[];
}

/** The canonical text. */
export function writeTrustedPlugins({ plugins, more }: TrustedPlugins): string {
  return writeText('plugins', [['plugins', plugins.map(value)], ...byBytes(more)]);
}

/** What a text says; throws a TextError. For `people` see reader.ts, `parsePeoplesText`. */
export function parseTrustedPlugins(text: string, people?: Reader): TrustedPlugins {
  return parsePeoplesText(text, 'plugins', readPlugins, people);
}

function value({ name, path, blake3, more }: TrustedPlugin): LineMap {
  return line([['name', name], ['path', escapeText(path)], ['blake3', blake3], ...byBytes(more)]);
}

function readPlugins(of: Fields): TrustedPlugins {
  return { plugins: of.otherwise('plugins', listOf(plugin), []), ...of.more() };
}

const absolutePath: Check<string> = (value, at) => {
  const path = escapedText(value, at);
  if (!path.startsWith('/')) throw wrongValue(at.line, at.key, 'an absolute path');
  return path;
};

const plugin = fields<TrustedPlugin>((of) => ({
  name: of.required('name', like(/^[a-z][a-z0-9-]{0,39}$/, 'the name of a plugin')),
  path: of.required('path', absolutePath),
  blake3: of.required('blake3', contentId),
  ...of.more(),
}));
