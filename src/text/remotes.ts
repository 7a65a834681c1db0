/** The other repositories that a person lets this one talk to (README.md, section 13, `remotes.yaml`). */

import { line, type LineMap, type Value } from '../model/value.ts';
import { escapeText } from './names.ts';
import {
  escapedText,
  fields,
  listOf,
  parsePeoplesText,
  repositoryId,
  repositoryName,
  someText,
} from './reader.ts';
import type { Fields, More } from './reader.ts';
import type { Reader } from './yaml-read.ts';
import { byBytes, writeText } from './yaml-write.ts';

/** One of them, and how it is reached. */
export type Remote = { readonly name: string } & More &
  (
    | {
        readonly kind: 'path';
        /** Absolute: where it was when it was added. */
        readonly path: string;
        /** Of the repository. */
        readonly id?: string;
        /** The UUID of the file system that it is on, and what a person called that. */
        readonly volume?: string;
        readonly label?: string;
        /** Where it is there, from the folder that the volume is mounted at; '' for that itself. */
        readonly below?: string;
      }
    | {
        readonly kind: 'ssh';
        readonly ssh: string;
        /** The machines on the way, the nearest first. */
        readonly jump?: readonly string[];
      }
  );

export interface Remotes extends More {
  /** In the order of preference. */
  readonly remotes: readonly Remote[];
}

export const NO_REMOTES: Remotes = { remotes: [] };

/** The canonical text. */
export function writeRemotes({ remotes, more }: Remotes): string {
  return writeText('remotes', [['remotes', remotes.map(value)], ...byBytes(more)]);
}

/** What a text says; throws a TextError. For `people` see reader.ts, `parsePeoplesText`. */
export function parseRemotes(text: string, people?: Reader): Remotes {
  return parsePeoplesText(text, 'remotes', readRemotes, people);
}

function value(remote: Remote): LineMap {
  if (remote.kind === 'ssh') {
    const jump: [string, Value][] = remote.jump === undefined ? [] : [['jump', remote.jump]];
    return line([['name', remote.name], ['ssh', remote.ssh], ...jump, ...byBytes(remote.more)]);
  }
  const entries: [string, Value][] = [
    ['name', remote.name],
    ['path', escapeText(remote.path)],
  ];
  for (const key of ['id', 'volume', 'label', 'below'] as const) {
    const known = remote[key];
    if (known !== undefined) entries.push([key, key === 'id' ? known : escapeText(known)]);
  }
  return line([...entries, ...byBytes(remote.more)]);
}

function readRemotes(of: Fields): Remotes {
  return { remotes: of.otherwise('remotes', listOf(remote), []), ...of.more() };
}

const remote = fields<Remote>((of) => {
  const name = of.required('name', repositoryName);
  if (of.has('ssh')) {
    const address = { ssh: of.required('ssh', someText), ...of.optional('jump', listOf(someText)) };
    return { name, kind: 'ssh', ...address, ...of.more() };
  }
  return {
    name,
    kind: 'path',
    path: of.required('path', escapedText),
    ...of.optional('id', repositoryId),
    ...of.optional('volume', escapedText),
    ...of.optional('label', escapedText),
    ...of.optional('below', escapedText),
    ...of.more(),
  };
});
