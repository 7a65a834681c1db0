import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import type { Digest } from '../../src/model/id.ts';
import { bytesOfName, nameOfBytes, type Name } from '../../src/model/name.ts';
import { fold } from '../../src/text/fold.ts';
import {
  FOLDER_SIDECAR,
  MANIFEST,
  fileOfSidecar,
  isCut,
  mirrorName,
  mirrorNames,
  nameAmong,
  nameOfMirror,
  sidecarOf,
} from '../../src/text/mirror.ts';
import { isComponent, isPlainUnicode } from '../../src/text/names.ts';

const SEED = 20261122;
const LONGEST_SIDECAR = 255;

/** Characters that rules are about, so that every rule meets every other. */
const PIECES = [
  [
    ...'aAbB.~$% ~1gGitTIcCoOnNmMlLpPuUxXéÉßſ¹²³0ﬁﬆ日가각\u0301\u0323\u0345\u{1f600}<>:"|?*\\\n\x7f\u200c\u200d\u200e',
  ],
  [...'\u2028\u202a\u202e\u206a\u206f\ufeff\ufffe'],
  [
    '\udcff',
    '\udcc3',
    '\udca9',
    '%41',
    '%~deadbeef',
    '.git',
    'git~1',
    'con',
    'LPT1',
    'manifest.yaml',
    'aaaaaaaa',
  ],
].flat();
const odd = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 90 })
  .map((pieces) => bytesOfName(pieces.join('')).slice(0, 255));
const short = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 })
  .map((pieces) => bytesOfName(pieces.join('')));
const name = fc
  .oneof(fc.uint8Array({ minLength: 1, maxLength: 255 }), odd, short)
  .map((bytes) => nameOfBytes(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))))
  .filter(isComponent);
/** Names that are alike but for case, composition and a dot. */
const alike = fc
  .array(fc.constantFrom(...'aAéÉ', 'e\u0301', 'ß', 'ss', 'SS', 'ſ', '.', '%', '\udcff'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((pieces) => nameOfBytes(bytesOfName(pieces.join(''))))
  .filter(isComponent);

before(() => loadBlake3());

const mark = (of: string): string => `%~${digest(bytesOfName(of)).slice(0, 8)}`;
const mirrorOf = (of: string): string => mirrorName(of as Name, digest);
const lengthOf = (text: string): number => Buffer.byteLength(text);

/** Names that have no sibling, and what they are called. */
const ALONE: readonly (readonly [rule: string, name: string, mirror: string])[] = [
  ['ordinary', 'Music', 'Music'],
  ['ordinary', '01 Airbag.flac', '01 Airbag.flac'],
  ['ordinary', "!#&'()+,-;=@[]^_`{}~$", "!#&'()+,-;=@[]^_`{}~$"],
  ['ordinary', ' leading', ' leading'],
  ['ordinary', '..a', '..a'],
  ['ordinary', 'Björk 日本 \u{1f600} e\u0301', 'Björk 日本 \u{1f600} e\u0301'],
  ['ordinary', '__proto__', '__proto__'],
  ['ordinary', '.DBK', '.DBK'],
  ['escapes', '100%', '100%25'],
  ['escapes', '%41', '%2541'],
  ['escapes', 'a%~deadbeef', 'a%25~deadbeef'],
  ['escapes', 'a\nb', 'a%0Ab'],
  ['escapes', 'caf\udce9', 'caf%E9'],
  ['escapes', '\u202egpj.exe', '%E2%80%AEgpj.exe'],
  ['forbidden', '<>:"|?*\\', '%3C%3E%3A%22%7C%3F%2A%5C'],
  ['forbidden', 'a<b', 'a%3Cb'],
  ['leading $', '$', '%24'],
  ['leading $', '$$', '%24$'],
  ['leading $', '$.metadata', '%24.metadata'],
  ['leading $', 'a$', 'a$'],
  ['device', 'con', '%63on'],
  ['device', 'CON', '%43ON'],
  ['device', 'Prn.txt', '%50rn.txt'],
  ['device', 'aux.tar.gz', '%61ux.tar.gz'],
  ['device', 'nul .txt', '%6Eul .txt'],
  ['device', 'nul  ', '%6Eul %20'],
  ['device', 'con.', '%63on%2E'],
  ['device', 'COM0', '%43OM0'],
  ['device', 'com9.x', '%63om9.x'],
  ['device', 'lpt1', '%6Cpt1'],
  ['device', 'COM¹', '%43OM¹'],
  ['device', 'com².x', '%63om².x'],
  ['device', 'LPT³', '%4CPT³'],
  ['no device', 'config', 'config'],
  ['no device', 'com', 'com'],
  ['no device', 'com10', 'com10'],
  ['no device', 'COM⁴', 'COM⁴'],
  ['no device', 'con\u00a0.x', 'con\u00a0.x'],
  ['no device', ' con', ' con'],
  ['no device', '.con', '.con'],
  ['no device', 'con\n', 'con%0A'],
  ['manifest', 'manifest.yaml', '%6Danifest.yaml'],
  ['manifest', 'MANIFEST.YAML', '%4DANIFEST.YAML'],
  ['manifest', 'Manifeſt.yaml', '%4Danifeſt.yaml'],
  ['manifest', 'manifeﬆ.yaml', '%6Danifeﬆ.yaml'],
  ['no manifest', 'manifest.yml', 'manifest.yml'],
  ['no manifest', 'manifest.yamł', 'manifest.yamł'],
  ['no manifest', 'manifest.yaml.', 'manifest.yaml%2E'],
  ['git', '.git', '%2Egit'],
  ['git', '.GIT', '%2EGIT'],
  ['git', '.Git.', '%2EGit%2E'],
  ['git', '.git ', '%2Egit%20'],
  ['git', '.git. . ', '%2Egit. .%20'],
  ['git', '.g\u200cit', '%2Eg\u200cit'],
  ['git', '\u200d.git', '%E2%80%8D.git'],
  ['git', '.gi\u206at\u206f', '%2Egi\u206at\u206f'],
  ['git', '.git.\u200c', '%2Egit.\u200c'],
  ['git', '.gi\u200et', '%2Egi%E2%80%8Et'],
  ['git', '\ufeff.git', '%EF%BB%BF.git'],
  ['no git', '.git:stream', '.git%3Astream'],
  ['no git', '.git\\x', '.git%5Cx'],
  ['no git', '.git\ufffe', '.git%EF%BF%BE'],
  ['no git', '.git\udcff', '.git%FF'],
  ['no git', '.gıt', '.gıt'],
  ['no git', '.gitignore', '.gitignore'],
  ['no git', 'git', 'git'],
  ['no git', ' .git', ' .git'],
  ['short git', 'git~1', 'git%7E1'],
  ['short git', 'GIT~1', 'GIT%7E1'],
  ['short git', 'git~1.', 'git%7E1%2E'],
  ['short git', 'Git~1 . ', 'Git%7E1 .%20'],
  ['no short git', 'git~1:x', 'git~1%3Ax'],
  ['no short git', 'git~2', 'git~2'],
  ['no short git', 'git~10', 'git~10'],
  ['no short git', 'git~1.x~', 'git~1.x~'],
  ['last', 'a.', 'a%2E'],
  ['last', 'a ', 'a%20'],
  ['last', 'a. .', 'a. %2E'],
  ['last', ' ', '%20'],
  ['last', '...', '..%2E'],
  ['last', '日.', '日%2E'],
  ['last', '$.', '%24%2E'],
  ['last', 'a\u00a0', 'a\u00a0'],
  ['longest', 'a'.repeat(237), 'a'.repeat(237)],
  ['longest', 'é'.repeat(118), 'é'.repeat(118)],
  ['longest', '日'.repeat(79), '日'.repeat(79)],
  ['longest', '\u{1f600}'.repeat(59), '\u{1f600}'.repeat(59)],
  ['longest', '%'.repeat(79), '%25'.repeat(79)],
  ['longest', `${'a'.repeat(234)}.`, `${'a'.repeat(234)}%2E`],
];

test('a name alone is mirrored by these rules, and the mirror name gives it back', () => {
  assert.deepEqual(
    ALONE.map(([rule, alone]) => [rule, nameOfMirror(mirrorOf(alone), digest), mirrorOf(alone)]),
    ALONE,
  );
});

test('a mirror name longer than 237 bytes is cut after 227 and marked', () => {
  const rows: [name: string, stem: string][] = [
    ['a'.repeat(238), 'a'.repeat(227)],
    ['a'.repeat(255), 'a'.repeat(227)],
    ['é'.repeat(127), 'é'.repeat(113)],
    [`a${'é'.repeat(127)}`, `a${'é'.repeat(113)}`],
    ['日'.repeat(85), '日'.repeat(75)],
    ['\u{1f600}'.repeat(63), '\u{1f600}'.repeat(56)],
    ['%'.repeat(81), '%25'.repeat(75)],
    ['\udcff'.repeat(255), '%FF'.repeat(75)],
    [`${'a'.repeat(225)}\u202e${'b'.repeat(20)}`, 'a'.repeat(225)],
    [`${'a'.repeat(224)}\u202e${'b'.repeat(20)}`, `${'a'.repeat(224)}%E2`],
    [`${'a'.repeat(235)}.`, 'a'.repeat(227)],
    [`$${'a'.repeat(254)}`, `%24${'a'.repeat(224)}`],
    [`${'a'.repeat(226)}. ${'a'.repeat(20)}`, `${'a'.repeat(226)}.`],
  ];
  const cut = rows.map(([long, stem]) => [long, `${stem}${mark(long)}`] as const);
  assert.deepEqual(
    rows.map(([long]) => [long, mirrorOf(long)]),
    cut,
  );
  const names = cut.map(([long]) => long as Name);
  assert.deepEqual(
    cut.map(([long, mirror]) => [isCut(mirror, long as Name, digest), nameOfMirror(mirror, digest)]),
    cut.map(() => [true, undefined]),
  );
  assert.deepEqual(
    cut.map(([, mirror]) => nameAmong(mirror, names, digest)),
    names,
  );
  assert.equal(nameAmong(`other${mark('a'.repeat(255))}`, names, digest), undefined);
  assert.equal(nameAmong('a'.repeat(255), names, digest), undefined);
});

test('of siblings whose names fold alike the first by bytes is plain', () => {
  const long = 'a'.repeat(228);
  const rows: [siblings: string[], mirrors: string[]][] = [
    [
      ['a', 'A', 'b'],
      ['a%~17762fdd', 'A', 'b'],
    ],
    [
      ['Ab', 'ab', 'AB', 'aB'],
      [`Ab${mark('Ab')}`, `ab${mark('ab')}`, 'AB', `aB${mark('aB')}`],
    ],
    [
      ['é', 'e\u0301'],
      [`é${mark('é')}`, 'e\u0301'],
    ],
    [
      ['straße', 'STRASSE'],
      [`straße${mark('straße')}`, 'STRASSE'],
    ],
    [
      ['≮', '<\u0338'],
      [`≮${mark('≮')}`, '%3C\u0338'],
    ],
    [
      ['.git', '.GIT', 'a.', 'A.'],
      [`%2Egit${mark('.git')}`, '%2EGIT', `a%2E${mark('a.')}`, 'A%2E'],
    ],
    [
      ['\u{10428}', '\u{10400}'],
      [`\u{10428}${mark('\u{10428}')}`, '\u{10400}'],
    ],
    [
      ['\udcff', '\udcfe', '\uffff'],
      ['%FF', '%FE', '%EF%BF%BF'],
    ],
    [
      [long, long.toUpperCase()],
      [`${'a'.repeat(227)}${mark(long)}`, long.toUpperCase()],
    ],
    [
      ['a'.repeat(255), 'A'.repeat(255)],
      [mirrorOf('a'.repeat(255)), mirrorOf('A'.repeat(255))],
    ],
    [
      ['__proto__', 'constructor', '__PROTO__'],
      [`__proto__${mark('__proto__')}`, 'constructor', '__PROTO__'],
    ],
  ];
  for (const [siblings, mirrors] of rows) {
    const expected = siblings.map((sibling, i) => [sibling, mirrors[i]]);
    assert.deepEqual([...mirrorNames(siblings as Name[], digest)], expected);
    const turned = mirrorNames(siblings.toReversed() as Name[], digest);
    assert.deepEqual([...turned], expected.toReversed());
  }
  assert.deepEqual([...mirrorNames(['a', 'a'] as Name[], digest)], [['a', 'a']]);
  assert.equal(isCut('a%~17762fdd', 'a' as Name, digest), false);
  assert.equal(isCut(`${'a'.repeat(227)}${mark(long)}`, long as Name, digest), true);
});

test('what no name is mirrored as gives no name', () => {
  const refused = [
    ['', '.', '..', '.dbk', '%2E', '%2E%2E', '%2Edbk', 'a/b', 'a%2Fb', 'a%00', 'a\0'],
    ['.git', '.GIT', 'git~1', 'git~1.', 'con', 'CON.txt', 'manifest.yaml', 'Manifest.YAML', '$a', '$'],
    ['a.', 'a ', 'a:b', 'a\\b', 'a\nb', 'a\u202eb', 'a\udcff', '\ud800'],
    ['100%', 'a%2', '%41', '%3c', '%C3%A9', 'a%24', '%2Egitignore', 'git%7E2', '%61', 'a%20b', 'a%2Eb'],
    ['a%~deadbeef', `b${mark('a')}`, mark(''), `.git${mark('.git')}`, `%61${mark('a')}`],
    [`a${mark('a').toUpperCase()}`, `a${mark('a')}0`, `a${mark('a')}${mark('a')}`, 'a%~1776', '%~17762fdd'],
    ['a'.repeat(238), `${'a'.repeat(228)}${mark('a'.repeat(228))}`, '%FF'.repeat(100)],
  ].flat();
  assert.deepEqual(
    refused.filter((mirror) => nameOfMirror(mirror, digest) !== undefined),
    [],
  );
  assert.equal(nameOfMirror('a%~17762fdd', digest), 'a');
});

test('a cut name whose start happens to have its digits is still listed', () => {
  const same: Digest = (bytes) => digest(bytes).replace(/^.{8}/, '00000000') as ReturnType<Digest>;
  const long = 'a'.repeat(255) as Name;
  const mirror = mirrorName(long, same);
  assert.equal(mirror, `${'a'.repeat(227)}%~00000000`);
  assert.equal(isCut(mirror, long, same), true);
});

test('ordinary names are not hashed', () => {
  const never: Digest = () => assert.fail('hashed');
  const names = ['a', 'Björk', '.git', '100%', 'a'.repeat(237)] as Name[];
  assert.deepEqual(
    names.map((ordinary) => nameOfMirror(mirrorName(ordinary, never), never)),
    names,
  );
});

test('texts beside a manifest are told apart', () => {
  assert.deepEqual([MANIFEST, FOLDER_SIDECAR], ['manifest.yaml', '$.metadata']);
  const rows: [text: string, file: string | undefined][] = [
    ['$a.flac.metadata', 'a.flac'],
    ['$.metadata.metadata', '.metadata'],
    ['$ .metadata', ' '],
    ['$%24.metadata', '%24'],
    ['$.metadata', undefined],
    ['manifest.yaml', undefined],
    ['a.metadata', undefined],
    ['$a', undefined],
    ['a$b.metadata', undefined],
  ];
  assert.deepEqual(
    rows.map(([text]) => [text, fileOfSidecar(text)]),
    rows,
  );
  assert.equal(sidecarOf('a.flac'), '$a.flac.metadata');
});

/** Why NTFS, exFAT or the layout of a mirrored directory cannot take a name. */
function unstorable(mirror: string): string | undefined {
  if (lengthOf(mirror) > 237 || lengthOf(sidecarOf(mirror)) > LONGEST_SIDECAR) return 'too long';
  if (mirror === '' || !isPlainUnicode(mirror)) return 'not plain';
  if (/[<>:"/\\|?*\t\n]/.test(mirror)) return 'a forbidden character';
  if (/[. ]$/.test(mirror)) return 'a last character that Windows drops';
  const device = mirror.split('.')[0]!.trimEnd().toUpperCase();
  if (/^(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])$/.test(device)) return 'a device';
  if (mirror.startsWith('$') || fold(mirror) === MANIFEST) return 'a name that dbk uses';
  return undefined;
}

test('every mirror name can be stored, and gives its name back unless it was cut', () => {
  fc.assert(
    fc.property(name, (any) => {
      const mirror = mirrorName(any, digest);
      assert.equal(unstorable(mirror), undefined);
      const back = nameOfMirror(mirror, digest);
      if (isCut(mirror, any, digest)) {
        assert.ok(lengthOf(mirror) > 226 && mirror.endsWith(mark(any)));
        assert.equal(back, undefined);
        assert.equal(nameAmong(mirror, ['a' as Name, any], digest), any);
      } else assert.equal(back, any);
    }),
    { seed: SEED, numRuns: 5000 },
  );
});

test('a mirror name that is taken is the one its name has', () => {
  const texts = fc.array(fc.constantFrom(...PIECES, '%2E', '%20', '%24', '%63', '%C3', '%A9', '%7E'), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(texts, (pieces) => {
      const mirror = pieces.join('');
      const back = nameOfMirror(mirror, digest);
      if (back !== undefined) assert.equal(mirrorName(back, digest), mirror);
    }),
    { seed: SEED, numRuns: 5000 },
  );
});

test('siblings have different mirror names, also to a file system that folds them', () => {
  const siblings = fc.oneof(
    fc.uniqueArray(alike, { maxLength: 12 }),
    fc.uniqueArray(
      fc
        .oneof(short, odd)
        .map((bytes) => nameOfBytes(bytes))
        .filter(isComponent),
      { maxLength: 12 },
    ),
  );
  fc.assert(
    fc.property(siblings, (names) => {
      const mirrors = mirrorNames(names, digest);
      assert.deepEqual([...mirrors.keys()], names);
      assert.equal(new Set([...mirrors.values()].map(fold)).size, names.length);
      for (const [any, mirror] of mirrors) {
        assert.equal(unstorable(mirror), undefined);
        assert.equal(
          isCut(mirror, any, digest) ? nameAmong(mirror, names, digest) : nameOfMirror(mirror, digest),
          any,
        );
      }
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

/** git in an empty repository that protects itself as on a Mac and on Windows; undefined where there is no git. */
function judge(): { readonly folder: string; run(args: string[], input: Uint8Array): string } | undefined {
  if (spawnSync('git', ['--version']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'dbk-mirror-'));
  const protection = [
    '-c',
    'core.protectHFS=true',
    '-c',
    'core.protectNTFS=true',
    '-c',
    'core.quotePath=false',
  ];
  const environment = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  const run = (args: string[], input: Uint8Array): string => {
    const result = spawnSync('git', [...protection, ...args], { cwd: folder, input, env: environment });
    return result.status === 0 ? `ok\n${result.stdout}` : `refused\n${result.stderr}`;
  };
  run(['init', '-q'], new Uint8Array());
  return { folder, run };
}

const indexLine = (path: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`100644 ${'1'.repeat(40)}\t`), path, Buffer.of(0)]);

test('git takes every mirror name, in its own index and from a patch', (t) => {
  const git = judge();
  if (git === undefined) return t.skip('needs git');
  t.after(() => rmSync(git.folder, { recursive: true }));
  const names = new Set([
    ...ALONE.map(([, alone]) => alone as Name),
    ...fc.sample(name, { seed: SEED, numRuns: 2000 }),
  ]);
  const mirrors = [...mirrorNames(names, digest).values()];
  const paths = mirrors.flatMap((mirror) => [`tree/${mirror}/${MANIFEST}`, `tree/${sidecarOf(mirror)}`]);
  const index = Buffer.concat(paths.map((path) => indexLine(Buffer.from(path))));
  assert.equal(git.run(['update-index', '-z', '--index-info'], index), 'ok\n');
  const listed = git.run(['ls-files', '-z'], new Uint8Array()).slice(3, -1).split('\0');
  assert.deepEqual(new Set(listed), new Set(paths));

  const few = mirrors.slice(0, 300);
  const patch = few.map((mirror) => {
    const path = `b/tree/${mirror}/${MANIFEST}"`;
    return `diff --git "a${path.slice(1)} "${path}\nnew file mode 100644\n--- /dev/null\n+++ "${path}\n@@ -0,0 +1 @@\n+x\n`;
  });
  assert.equal(git.run(['apply', '-'], Buffer.from(patch.join(''))), 'ok\n');
  assert.deepEqual(readdirSync(join(git.folder, 'tree')).sort(), few.toSorted());
});

test('a name that git refuses is never left as it is', (t) => {
  const git = judge();
  if (git === undefined) return t.skip('needs git');
  t.after(() => rmSync(git.folder, { recursive: true }));
  const letters = fc.constantFrom(
    '.',
    ' ',
    ':',
    '\\',
    '\u200c',
    '\u200f',
    '\u206f',
    '\ufeff',
    '\ufffe',
    '\udcff',
    '~1',
    'x',
  );
  const looks = fc
    .tuple(fc.constantFrom('.git', '.GiT', 'git~1', 'GIT~1'), letters, letters, fc.nat(5), fc.nat(7))
    .map(
      ([core, a, b, i, j]) =>
        `${core.slice(0, i)}${i < 5 && a === 'x' ? '' : a}${core.slice(i)}${j < 4 ? b : ''}`,
    )
    .map((text) => nameOfBytes(bytesOfName(text)))
    .filter(isComponent);
  const raw = [
    ...new Set([
      ...ALONE.map(([, alone]) => alone as Name),
      ...fc.sample(looks, { seed: SEED, numRuns: 3000 }),
    ]),
  ];
  const paths = raw.map((any, i) =>
    Buffer.concat([Buffer.from(`${i}/`), bytesOfName(any), Buffer.from('/b')]),
  );
  git.run(['update-index', '-z', '--index-info'], Buffer.concat(paths.map(indexLine)));
  const listed = git.run(['ls-files', '-z'], new Uint8Array()).slice(3, -1).split('\0');
  const taken = new Set(listed.map((path) => Number.parseInt(path, 10)));
  const refused = raw.filter((_, i) => !taken.has(i));
  assert.ok(taken.size > 100 && refused.length > 200, `git took ${taken.size} and refused ${refused.length}`);
  assert.deepEqual(
    refused.filter((any) => mirrorName(any, digest) === any),
    [],
  );
});
