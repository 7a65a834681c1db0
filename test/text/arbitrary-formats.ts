/** Random values of each format, in the order in which they are written. Long because each has its own shape. */

import fc from 'fast-check';
import type { MoveEvidence } from '../../src/model/change.ts';
import type { Commit, Move } from '../../src/model/commit.ts';
import type { EntityReference, Entry, Manifest } from '../../src/model/manifest.ts';
import { compareBytes } from '../../src/model/name.ts';
import { cleanMessage } from '../../src/text/commit.ts';
import type { Config } from '../../src/text/config.ts';
import type { Conflict, ConflictKind } from '../../src/text/conflict.ts';
import type { Here, Holder, Journal } from '../../src/text/journal.ts';
import { isComponent } from '../../src/text/names.ts';
import type { Looks, Operation, Step } from '../../src/text/operation.ts';
import type { Attribute, Policy } from '../../src/text/policy.ts';
import type { Older } from '../../src/text/older.ts';
import type { Rendering } from '../../src/model/rendering.ts';
import type { Remote, Remotes } from '../../src/text/remotes.ts';
import type { Volume } from '../../src/text/volume.ts';
import type { Reach, RepositoryRecord } from '../../src/text/repository.ts';
import type { TrustedPlugin, TrustedPlugins } from '../../src/text/trusted-plugins.ts';
import type { TypeDeclaration } from '../../src/model/type-declaration.ts';
import {
  hex,
  optionally,
  shortEnough,
  someBytes,
  someCommitId,
  someCommitIdOrNone,
  someContent,
  someFlow,
  someInstant,
  someMore,
  someName,
  someNonempty,
  someNumber,
  somePath,
  somePathOrFolder,
  someRepositoryName,
  someText,
  someValue,
} from './arbitrary.ts';

/** The keys of several objects in one: what is always there, what may be, what is unknown. */
function whole<T>(...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<T> {
  return fc.tuple(...parts).map((objects) => Object.assign({}, ...objects) as T);
}

function sortedMap<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  return new Map([...entries].sort(([a], [b]) => compareBytes(a, b)));
}

function mapOf<T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>, minLength = 0) {
  return fc
    .uniqueArray(fc.tuple(shortEnough(key), value), { minLength, maxLength: 4, selector: ([text]) => text })
    .map(sortedMap);
}

const lineMore = someMore(someFlow);
const textMore = someMore(someValue);
const nothing = fc.constant({});

const someEntityId = fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{16}$/);

export const someEntity: fc.Arbitrary<EntityReference> = whole(
  fc.record({
    id: someEntityId,
    type: fc.constantFrom('music', 'pictures', 'yes'),
  }),
  fc.oneof(
    nothing,
    optionally({
      from: someEntityId,
      was: fc.uniqueArray(someEntityId, { minLength: 1, maxLength: 3 }).map((ids) => ids.sort()),
    }),
  ),
  lineMore,
);

const base64 = fc
  .uint8Array({ maxLength: 9 })
  .map((bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));

const someAttributes = optionally({
  owner: fc.constantFrom('ada', '1000', 'a%', 'é\u0007'),
  group: fc.constantFrom('users', '0', 'no'),
  acl: fc.constantFrom('user:ada:rw-', 'default:group:x:r--,mask::r--'),
  xattrs: mapOf(someName, base64),
});

const someMode = fc.oneof(fc.constantFrom(0, 0o644, 0o755, 0o7777), fc.nat(0o7777));

const someFile = whole<Entry>(
  fc.record({
    kind: fc.constant('file'),
    blake3: someContent,
    size: someNumber,
    mtime: someInstant,
    mode: someMode,
  }),
  fc.oneof(nothing, optionally({ same: hex(16), entity: someEntity })),
  fc.oneof(nothing, someAttributes),
  lineMore,
);

const someLink = whole<Entry>(
  fc.record({ kind: fc.constant('link'), target: someBytes }),
  fc.oneof(nothing, someAttributes),
  lineMore,
);

const someMirrorName = someText.filter((text) => !/[\n\t]/.test(text) && isComponent(text));

export const someManifest: fc.Arbitrary<Manifest> = whole(
  fc.record({
    mode: someMode,
    files: mapOf(someName, fc.oneof({ weight: 3, arbitrary: someFile }, { weight: 1, arbitrary: someLink })),
  }),
  fc.oneof(nothing, someAttributes),
  fc.oneof(nothing, optionally({ entity: someEntity, directories: mapOf(someMirrorName, someName, 1) })),
  textMore,
);

const someMove = whole<Move>(
  fc.record({
    from: somePathOrFolder,
    to: somePathOrFolder,
    by: fc.constantFrom<MoveEvidence>('content', 'inode', 'media', 'name', 'hand'),
  }),
  optionally({ parent: fc.integer({ min: 2, max: 9 }) }),
  lineMore,
);

const byTargets = (a: Move, b: Move) =>
  compareBytes(a.to, b.to) || compareBytes(a.from, b.from) || (a.parent ?? 1) - (b.parent ?? 1);

const someDate = fc
  .tuple(
    fc.integer({ min: -62_135_500_000, max: 253_402_200_000 }),
    fc.constantFrom('+00:00', '+01:00', '-03:30', '+14:00', '-12:00'),
  )
  .map(([seconds, offset]) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}${offset}`);

const someSummary = whole<Commit['summary']>(
  fc.record({
    added: someNumber,
    changed: someNumber,
    moved: someNumber,
    removed: someNumber,
    metadata: someNumber,
  }),
  lineMore,
);

/** With a message that is clean. */
export const someCommit: fc.Arbitrary<Commit> = whole(
  fc.record({
    parents: fc.array(someCommitId, { maxLength: 3 }),
    index: someContent,
    changes: someContent,
    author: fc.oneof(fc.constant('Ada <ada@example.org>'), someNonempty),
    repository: someRepositoryName,
    date: someDate,
    moved: fc.array(someMove, { maxLength: 4 }).map((moves) => [...moves].sort(byTargets)),
    forgotten: fc.array(somePathOrFolder, { maxLength: 3 }).map((paths) => [...paths].sort(compareBytes)),
    summary: someSummary,
    message: someText.map(cleanMessage),
  }),
  textMore,
);

export const someConfig: fc.Arbitrary<Config> = whole(
  fc.record({
    name: someRepositoryName,
    id: hex(16),
    guard: fc.constantFrom('none', 'links', 'reflinks'),
    index: fc.constantFrom('files', 'commits'),
    confirm: someNumber,
    keep: whole(
      fc.record({
        commits: someNumber,
        age: fc.constantFrom('30d', '0d', '1y', '12h'),
        free: fc.constantFrom('10%', '0%', '50G'),
      }),
      lineMore,
    ),
  }),
  optionally({ author: someNonempty }),
  textMore,
);

const byName = <T>(entries: fc.Arbitrary<T>) => fc.array(entries, { maxLength: 3 });
const someSmallPath = somePath.filter((path) => path.length < 150);

export const somePolicy: fc.Arbitrary<Policy> = whole(
  fc.record({
    folders: mapOf(someSmallPath, someNonempty),
    record: fc
      .uniqueArray(fc.constantFrom<Attribute>('owner', 'group', 'acl', 'xattrs'))
      .map((all) => new Set(all)),
    copies: someNumber,
    groups: mapOf(someNonempty, byName(someRepositoryName)),
  }),
  textMore,
);

export const someType: fc.Arbitrary<TypeDeclaration> = whole(
  fc.record({
    version: someNumber,
    top: someNonempty,
    merge: fc.constantFrom('files', 'whole'),
    boundaries: byName(
      fc.oneof(
        whole(fc.record({ kind: fc.constant('at'), at: someNonempty }), lineMore),
        whole(fc.record({ kind: fc.constant('marker'), marker: byName(someNonempty) }), lineMore),
      ),
    ),
    fields: mapOf(
      someNonempty,
      whole(
        fc.record({
          of: fc.constantFrom('file', 'entity'),
          type: fc.oneof(fc.constantFrom('text', 'integer', 'date'), byName(someNonempty)),
          merge: fc.constantFrom('one', 'set', 'prose'),
          doc: someText,
        }),
        optionally({ min: someNumber, max: fc.oneof(someNumber, someText) }),
        lineMore,
      ),
    ),
  }),
  textMore,
);

export const someConflict: fc.Arbitrary<Conflict> = whole(
  fc.record({
    kind: fc.constantFrom<ConflictKind>('content', 'rename', 'delete', 'metadata', 'entity', 'directory'),
    paths: byName(somePath),
    ids: byName(someContent),
    field: someText,
    commits: byName(someCommitId),
  }),
  optionally({
    kept: fc.oneof(someText, fc.constantFrom('---\r\na: 1\r\n---\r\n', '\ufeff---\n%\t\u2028\n', '')),
  }),
  textMore,
);

const reaches: readonly fc.Arbitrary<Reach>[] = [
  whole(
    fc.record({ kind: fc.constant('path'), path: someBytes }),
    optionally({ volume: someNonempty, label: someText }),
    lineMore,
  ),
  whole(
    fc.record({ kind: fc.constant('ssh'), ssh: someNonempty }),
    optionally({ jump: byName(someNonempty) }),
    lineMore,
  ),
  whole(fc.record({ kind: fc.constant('rclone'), rclone: someNonempty }), lineMore),
];

const someRule = whole(
  optionally({
    path: someNonempty,
    not: someNonempty,
    type: someNonempty,
    entity: someNonempty,
    tag: someNonempty,
    size: someNonempty,
  }),
  fc.oneof(nothing, fc.record({ field: someNonempty, is: someNonempty })),
  lineMore,
).filter((rule) => Object.keys(rule as object).some((key) => key !== 'more'));

/** With some paths far longer than a key may be. */
const someLongPath = fc.oneof(
  { weight: 5, arbitrary: somePath },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 30 }, () => 'é'.repeat(100)).join('/')) },
);

function byPaths(keys: Record<string, fc.Arbitrary<unknown>>) {
  const one = whole<{ path: string }>(fc.record({ path: someLongPath, ...keys }), lineMore);
  return fc
    .uniqueArray(one, { maxLength: 3, selector: ({ path }) => path })
    .map((all) => [...all].sort((a, b) => compareBytes(a.path, b.path)));
}

const someSortedPaths = fc
  .array(somePathOrFolder, { maxLength: 3 })
  .map((all) => [...all].sort(compareBytes));

const olders: fc.Arbitrary<Older>[] = [
  whole(
    fc.record({
      path: someLongPath,
      kind: fc.constant('file'),
      blake3: someContent,
      size: someNumber,
      mtime: someInstant,
      mode: someMode,
    }),
    lineMore,
  ),
  whole(fc.record({ path: someLongPath, kind: fc.constant('link'), target: someBytes }), lineMore),
  whole(fc.record({ path: someLongPath, kind: fc.constant('directory'), mode: someMode }), lineMore),
];

export const someRepository: fc.Arbitrary<RepositoryRecord> = whole(
  fc.record({
    id: hex(16),
    name: someRepositoryName,
    serial: someNumber,
    reach: byName(fc.oneof(...reaches)),
    head: someCommitIdOrNone,
    want: byName(someRule),
    trust: fc.constantFrom('full', 'none'),
    holds: someCommitIdOrNone,
    absent: someSortedPaths,
    missing: someSortedPaths,
    extra: byPaths({ blake3: someContent }),
    older: fc
      .uniqueArray(fc.oneof(...olders), { maxLength: 3, selector: ({ path }) => path })
      .map((all) => [...all].sort((a, b) => compareBytes(a.path, b.path))),
    as: byPaths({ as: someBytes }),
  }),
  optionally({
    volume: whole(fc.record({ id: someNonempty, label: someText }), lineMore),
    verified: someInstant,
    free: someNumber,
  }),
  textMore,
);

const ofFile = { size: someNumber, mtime: someInstant, mode: someMode };
const someLooks = whole<Looks>(fc.record({ mode: someMode }), optionally({ mtime: someInstant }));

const steps = byName(
  fc.oneof(
    whole<Step>(fc.record({ kind: fc.constant('move'), from: somePath, to: somePath }), lineMore),
    whole<Step>(
      fc.record({ kind: fc.constant('keep'), path: somePath, blake3: someContent }),
      optionally(ofFile),
      lineMore,
    ),
    whole<Step>(
      fc.record({ kind: fc.constant('write'), path: somePath, blake3: someContent }),
      optionally({ ...ofFile, was: someContent }),
      lineMore,
    ),
    whole<Step>(
      fc.record({ kind: fc.constantFrom('link', 'unlink'), path: somePath, target: someBytes }),
      lineMore,
    ),
    whole<Step>(
      fc.record({ kind: fc.constantFrom('make', 'remove'), path: somePath, mode: someMode }),
      lineMore,
    ),
    whole<Step>(
      fc.record({ kind: fc.constant('set'), path: somePath, mode: someMode, was: someLooks }),
      optionally({ mtime: someInstant }),
      lineMore,
    ),
  ),
);

export const someOperation: fc.Arbitrary<Operation> = whole(
  fc.record({
    command: someNonempty,
    date: someInstant.filter((instant) => instant.length === 20 && !instant.startsWith('@')),
    before: someCommitIdOrNone,
    after: someCommitIdOrNone,
    steps,
    undoes: someText,
  }),
  textMore,
);

export const someJournal: fc.Arbitrary<Journal> = whole(
  fc.record({ command: someNonempty, from: someCommitIdOrNone, to: someCommitIdOrNone, steps }),
  optionally({ date: someInstant, undoes: someText, aside: fc.constantFrom('0123456789abcdef') }),
  textMore,
);

export const someHolder: fc.Arbitrary<Holder> = whole(
  fc.record({
    host: someText,
    boot: someText,
    pid: someNumber,
    started: fc.constantFrom('', '0', '12345678901234567890'),
    command: someNonempty,
    since: someInstant,
  }),
  textMore,
);

export const someHere: fc.Arbitrary<Here> = whole(
  fc.record({
    inode: fc.constantFrom('', '0', '18446744073709551615'),
    born: fc.option(someInstant, { nil: '' as const }),
    volume: someText,
  }),
  textMore,
);

const someTrustedPlugin: fc.Arbitrary<TrustedPlugin> = whole(
  fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/),
    path: somePath.map((path) => `/${path}`),
    blake3: someContent,
  }),
  lineMore,
);

export const someTrustedPlugins: fc.Arbitrary<TrustedPlugins> = whole(
  fc.record({ plugins: fc.array(someTrustedPlugin) }),
  textMore,
);

const remotes: readonly fc.Arbitrary<Remote>[] = [
  whole(
    fc.record({ name: someRepositoryName, kind: fc.constant('path'), path: someBytes }),
    optionally({
      id: fc.stringMatching(/^[0-9a-f]{16}$/),
      volume: someBytes,
      label: someBytes,
      below: someBytes,
    }),
    lineMore,
  ),
  whole(
    fc.record({ name: someRepositoryName, kind: fc.constant('ssh'), ssh: someNonempty }),
    optionally({ jump: byName(someNonempty) }),
    lineMore,
  ),
];

export const someRemotes: fc.Arbitrary<Remotes> = whole(
  fc.record({ remotes: fc.array(fc.oneof(...remotes), { maxLength: 4 }) }),
  textMore,
);

export const someVolume: fc.Arbitrary<Volume> = whole(
  fc.record({
    type: fc.constantFrom('1', '1702057286', '18446744073709551615'),
    rendering: whole<Rendering>(
      fc.record({
        modes: fc.boolean(),
        links: fc.boolean(),
        times: fc.constantFrom(1n, 2_000_000_000n),
        signs: fc.boolean(),
        endings: fc.boolean(),
        bytes: fc.boolean(),
        cases: fc.boolean(),
      }),
    ),
  }),
  textMore,
);
