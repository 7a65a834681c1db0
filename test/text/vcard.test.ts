import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { isMap, line, type Value } from '../../src/model/value.ts';
import { cleanValue } from '../../src/text/vcard-encodings.ts';
import type { Contact } from '../../src/text/vcard-fields.ts';
import { readCard, type CardRead } from '../../src/text/vcard-read.ts';
import { writeContact } from '../../src/text/vcard-write.ts';
import { cardsIn, type Card, type VcardVersion } from '../../src/text/vcard.ts';
import { SEED, someText, someValue } from './arbitrary.ts';

const PYTHON = '/usr/bin/python3';
const ID = '01jdb3k2x9q4n8v7';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(file: Uint8Array | string): CardRead[] {
  const cards = [...cardsIn(typeof file === 'string' ? bytesOf(file) : file)];
  return cards.map((card) => {
    assert.ok(!('wrong' in card), JSON.stringify(card));
    return readCard(card as Card);
  });
}

/** One card around some lines. */
function card(lines: string, version = '3.0'): string {
  return `BEGIN:VCARD\r\nVERSION:${version}\r\n${lines}\r\nEND:VCARD\r\n`;
}

/** Maps as lists of pairs, so that they compare. */
function plain(value: Value): unknown {
  if (typeof value !== 'object') return value;
  return isMap(value)
    ? { map: [...value.map].map(([key, inner]) => [key, plain(inner)]) }
    : (value as Value[]).map(plain);
}

function said(contact: Contact | undefined): unknown {
  if (contact === undefined) return undefined;
  const { fields, ...rest } = contact;
  return { ...rest, fields: [...fields].map(([key, value]) => [key, plain(value)]).sort() };
}

function saidIn(lines: string, version?: string): unknown {
  const [found] = read(card(`FN:Anna Lind\r\n${lines}`, version));
  return said(found!.contact);
}

function anna(fields: readonly (readonly [string, unknown])[], more: Partial<Contact> = {}): unknown {
  return { name: 'Anna Lind', note: '', ...more, fields: [...fields].sort() };
}

const map = (...entries: readonly (readonly [string, unknown])[]): unknown => ({
  map: entries.map((each) => [...each]),
});

const LINES: readonly (readonly [what: string, lines: string, expected: unknown, version?: string])[] = [
  [
    'parts of a name',
    'N:Lind;Anna;B,C;Dr.;',
    anna([
      [
        'name-parts',
        map(['family', 'Lind'], ['given', 'Anna'], ['additional', ['B', 'C']], ['prefix', 'Dr.']),
      ],
    ]),
  ],
  ['parts that say nothing more', 'N:Anna Lind;;;;', anna([])],
  ['names besides', 'NICKNAME:Annie,An\\,na', anna([['also', ['Annie', 'An,na']]])],
  ['a second name', 'FN:Annie', anna([['also', ['Annie']]])],
  ['what is folded', 'EMAIL:an\r\n na@exa\r\n\tmple.org', anna([['email', ['anna@example.org']]])],
  [
    'types',
    'TEL;TYPE=CELL,home;type=pref:+49 1',
    anna([['phone', [map(['value', '+49 1'], ['type', ['cell', 'home']], ['pref', 1])]]]),
  ],
  [
    'types without a name',
    'TEL;CELL;PREF:1',
    anna([['phone', [map(['value', '1'], ['type', 'cell'], ['pref', 1])]]]),
    '2.1',
  ],
  [
    'an address of a telephone',
    'TEL;VALUE=uri;TYPE="cell,voice":tel:+49-1',
    anna([['phone', [map(['value', '+49-1'], ['type', ['cell', 'voice']])]]]),
    '4.0',
  ],
  ['what every mail is', 'EMAIL;TYPE=INTERNET:a@b', anna([['email', ['a@b']]])],
  [
    'an address',
    'ADR;TYPE=home:;;Street\\, 1;City;;12;DE',
    anna([
      [
        'address',
        [map(['street', 'Street, 1'], ['city', 'City'], ['code', '12'], ['country', 'DE'], ['type', 'home'])],
      ],
    ]),
  ],
  [
    'a word of a person’s own',
    'item1.EMAIL:a@b\r\nitem1.X-ABLabel:_$!<Home>!$_',
    anna([['email', [map(['value', 'a@b'], ['called', 'Home'])]]]),
  ],
  [
    'a word for what has no field',
    'item1.X-A:1\r\nitem1.X-ABLabel:B',
    anna([['vcard', ['item1.X-A:1', 'item1.X-ABLABEL:B']]]),
  ],
  ['units', 'ORG:Firm\\;x;Unit;', anna([['organization', [map(['value', ['Firm;x', 'Unit']])]]])],
  ['an address of the web', 'URL:http\\://a.org/?a=b;c,d', anna([['url', ['http://a.org/?a=b;c,d']]])],
  ['notes', 'NOTE:a\\nb\\, c\\\\n\r\nNOTE:d\\N', anna([], { note: 'a\nb, c\\n\n\nd' })],
  ['words', 'CATEGORIES:a,b,,a', anna([['tags', ['a', 'b']]])],
  ['what has no field', 'X-A;B="c:d";E=f^^^ng:h\\,i', anna([['vcard', ['X-A;B="c:d";E=f^^^ng:h\\,i']]])],
  [
    'the same twice',
    'X-A:1\r\nX-A:1\r\nTEL:1\r\nTEL:1',
    anna([
      ['phone', ['1']],
      ['vcard', ['X-A:1']],
    ]),
  ],
  ['an id', 'UID:urn:uuid:1', anna([], { uid: 'urn:uuid:1' })],
  [
    'a field of dbk’s',
    'X-DBK-FIELD:shoe size: 38\r\nX-DBK-FIELD:id: other\r\nX-DBK-FIELD:a: [\r\nX-DBK-HANDLE:anna',
    anna([['shoe size', 38]], { handle: 'anna' }),
  ],
  ['controls and marks of direction', 'TEL:\u202a+49\u202c\u0001', anna([['phone', ['+49\ufffd']]])],
  ['nothing', 'TEL:\r\nADR:;;;;;;\r\nORG:;\r\nNOTE:\r\nNICKNAME:\r\nBDAY:\r\nN:;;;;\r\nUID:', anna([])],
  [
    'quoted-printable',
    'NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=BCr=\r\ngen=0D=0Ab=3D',
    anna([], { note: 'Jürgen\nb=' }),
    '2.1',
  ],
  [
    'an older character set',
    'NOTE;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:J=FCrgen',
    anna([], { note: 'Jürgen' }),
    '2.1',
  ],
];

test('each line is what it says', () => {
  for (const [what, lines, expected, version] of LINES)
    assert.deepEqual(saidIn(lines, version), expected, what);
});

const DATES: readonly (readonly [written: string, born: string | number])[] = [
  ['1953-10-15', '1953-10-15'],
  ['19531015', '1953-10-15'],
  ['1953-10-15T00:00:00Z', '1953-10-15'],
  ['--1015', '--10-15'],
  ['--10-15', '--10-15'],
  ['1953-10', '1953-10'],
  ['1953', 1953],
  ['circa 1800', 'circa 1800'],
  ['1953-10-15T12:30:00Z', '1953-10-15T12:30:00Z'],
];

test('dates are written as dbk does, and back', () => {
  for (const [written, born] of DATES) {
    assert.deepEqual(saidIn(`BDAY:${written}`), anna([['born', born]]), written);
    for (const version of ['3.0', '4.0'] as const)
      assert.deepEqual(
        again({ name: 'Anna', fields: new Map([['born', born]]), note: '' }, version).fields.get('born'),
        born,
      );
  }
  assert.deepEqual(saidIn('BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12'), anna([['born', '--04-12']]));
});

test('what is not kept is said', () => {
  const [found] = read(
    card(
      `FN:Anna\r\nPHOTO;ENCODING=b:AAAA\r\nLOGO:http://a\r\nKEY;ENCODING=BASE64:AA\r\nnonsense\r\nNOTE:${'a'.repeat(70_000)}`,
    ),
  );
  assert.deepEqual(
    found!.left.map(({ name, why }) => [name, why]),
    [
      ['PHOTO', 'it is binary'],
      ['KEY', 'it is binary'],
      ['', 'it is not NAME:VALUE'],
      ['NOTE', 'it is longer than 65536 bytes'],
      ['LOGO', 'pictures and sounds are not kept'],
    ],
  );
  assert.deepEqual(said(found!.contact), { name: 'Anna', note: '', fields: [] });
});

test('who has no name is called by what there is, and groups are nobody', () => {
  const rows: readonly (readonly [lines: string, name: string | undefined])[] = [
    ['N:Lind;Anna;;Dr.;', 'Dr. Anna Lind'],
    ['ORG:Firm;Unit', 'Firm'],
    ['EMAIL:a@b', 'a@b'],
    ['TEL:1', undefined],
    ['FN:Friends\r\nKIND:group', undefined],
    ['FN:Friends\r\nX-ADDRESSBOOKSERVER-KIND:group', undefined],
  ];
  for (const [lines, name] of rows) assert.equal(read(card(lines))[0]!.contact?.name, name, lines);
});

test('bytes of any kind: UTF-16, a mark, lines without returns, folds within a character, none at all', () => {
  const text = card('FN:Jürgen 😀');
  const utf16 = (isLittle: boolean): Uint8Array => {
    const units = Array.from(`\ufeff${text}`).flatMap((each) =>
      [...each].flatMap((c) => Array.from({ length: c.length }, (_, i) => c.charCodeAt(i))),
    );
    return Uint8Array.from(
      units.flatMap((unit) => (isLittle ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])),
    );
  };
  const within = bytesOf(text.replace('ü', '\u0001\u0002'));
  const at = within.indexOf(1);
  within.set([0xc3, 0xbc], at);
  const folded = Uint8Array.from([...within.subarray(0, at + 1), 13, 10, 32, ...within.subarray(at + 1)]);
  for (const file of [
    bytesOf(text),
    bytesOf(`\ufeff${text}`),
    bytesOf(text.replaceAll('\r\n', '\n')),
    utf16(true),
    utf16(false),
    folded,
  ])
    assert.equal(read(file)[0]!.contact?.name, 'Jürgen 😀');
  assert.deepEqual(read(''), []);
  assert.deepEqual(read('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n'), []);
  const [latin] = read(
    Uint8Array.from([...bytesOf('BEGIN:VCARD\nFN:A\nNOTE:'), 0xfc, ...bytesOf('\nEND:VCARD\n')]),
  );
  assert.deepEqual(
    latin!.left.map(({ why }) => why),
    ['it is not UTF-8'],
  );
});

test('a card in a card is passed over, one without an end is said, and lines are counted', () => {
  const inner = 'AGENT:\r\nBEGIN:VCARD\r\nFN:Other\r\nEND:VCARD';
  assert.deepEqual(
    read(card(`FN:Anna\r\n${inner}`)).map(({ contact }) => contact?.name),
    ['Anna'],
  );
  assert.deepEqual(
    [...cardsIn(bytesOf(`${card('FN:A')}BEGIN:VCARD\r\nFN:B`))].map((each) => 'wrong' in each && each),
    [false, { line: 5, wrong: 'it has no end' }],
  );
  assert.deepEqual(
    [...cardsIn(bytesOf(card('X-A:1\r\n'.repeat(3000))))],
    [{ line: 1, wrong: 'it has more than 2000 lines' }],
  );
});

/** Texts as they can stand in a card: one line or several, nothing around them. */
const some = someText.map((text) => cleanValue(text).trim()).filter((text) => text !== '');
const word = fc.stringMatching(/^[a-z]{1,8}$/).filter((text) => text !== 'pref' && text !== 'internet');
const unlike = (pattern: RegExp): fc.Arbitrary<string> => some.filter((text) => !pattern.test(text));

function member(value: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  const details = fc.record(
    {
      type: fc.oneof(word, fc.uniqueArray(word, { minLength: 2, maxLength: 3 })),
      pref: fc.integer({ min: 1, max: 100 }),
      'x-service': unlike(/^$/),
      called: unlike(/^_\$!<.*>!\$_$/s),
    },
    { requiredKeys: [] },
  );
  return fc.tuple(value, details).map(([own, more]) => {
    const entries = Object.entries(more) as [string, Value][];
    return entries.length === 0 && typeof own !== 'object' ? own : line([['value', own], ...entries]);
  });
}

const distinct = (value: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(plain(each)) });
const part = fc.oneof(some, fc.array(some, { minLength: 2, maxLength: 3 }));
const units = fc.oneof(some, fc.array(some, { minLength: 2, maxLength: 3 }));

function partsWith(keys: readonly string[]): fc.Arbitrary<Value> {
  return fc
    .subarray([...keys], { minLength: 1 })
    .chain((kept) => fc.tuple(...kept.map((key) => part.map((value) => [key, value] as const))))
    .map((entries) => line(entries));
}

const someFields = fc.record(
  {
    also: distinct(some),
    'name-parts': partsWith(['family', 'given', 'additional', 'prefix', 'suffix']),
    born: fc.constantFrom<Value>('1953-10-15', 1953, '1953-10', '--10-15', 'circa 1800'),
    email: distinct(member(some)),
    phone: distinct(member(unlike(/^tel:/i))),
    address: distinct(partsWith(['box', 'extended', 'street', 'city', 'region', 'code', 'country'])),
    url: distinct(member(some)),
    organization: distinct(member(units)),
    title: distinct(member(some)),
    tags: distinct(some),
    vcard: distinct(
      fc.constantFrom('X-A;B="c:d":e', 'g1.X-B:a\\,b;c', 'GENDER:F', 'ANNIVERSARY;X-C=^^:20090808'),
    ),
    'shoe size': someValue,
    __proto__x: someValue,
  },
  { requiredKeys: [] },
);

const someContact: fc.Arbitrary<Contact> = fc
  .tuple(
    some,
    someFields,
    fc.option(some, { nil: undefined }),
    fc.option(fc.constantFrom('anna-lind', '王芳'), { nil: undefined }),
    someText,
  )
  .map(([name, fields, uid, handle, note]) => ({
    name,
    ...(uid !== undefined && { uid }),
    ...(handle !== undefined && { handle }),
    fields: new Map(Object.entries(fields)),
    note: cleanValue(note).replace(/\n+$/, ''),
  }));

function again(contact: Contact, version: VcardVersion): Contact {
  const found = read(writeContact(contact, undefined, version));
  assert.equal(found.length, 1);
  assert.deepEqual(found[0]!.left, []);
  return found[0]!.contact!;
}

test('a card that is written is read as the same, in both versions', () => {
  fc.assert(
    fc.property(someContact, fc.constantFrom<VcardVersion>('3.0', '4.0'), (contact, version) => {
      assert.deepEqual(said(again(contact, version)), said(contact));
    }),
    { seed: SEED, numRuns: 1500 },
  );
});

test('lines are folded at 75 bytes, and never within a character', () => {
  fc.assert(
    fc.property(someContact, (contact) => {
      const text = writeContact(contact, ID, '4.0');
      assert.ok(text.endsWith('\r\nEND:VCARD\r\n'));
      for (const each of text.slice(0, -2).split('\r\n')) assert.ok(bytesOf(each).length <= 75, each);
      assert.ok(!/(?<!\r)\n/.test(text));
    }),
    { seed: SEED, numRuns: 300 },
  );
});

test('whatever is in a file, it is read without an exception', () => {
  const pieces = fc.constantFrom(
    'BEGIN:VCARD',
    'END:VCARD',
    'FN:',
    'N:',
    'TEL;',
    'TYPE=',
    '"',
    ':',
    ';',
    ',',
    '=',
    '\\',
    '^',
    '\r\n',
    '\n ',
    'A',
    '.',
    'X-DBK-FIELD:',
    'extracted: {',
    'ENCODING=QUOTED-PRINTABLE',
    '=C3',
    '\u0000',
    'ü',
    'BDAY:',
    'CHARSET=nonsense',
  );
  const text = fc
    .array(fc.oneof(pieces, fc.string()), { maxLength: 60 })
    .map((all) => bytesOf(`BEGIN:VCARD\nFN:A\n${all.join('')}\nEND:VCARD\n`));
  fc.assert(
    fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 300 })), (file) => {
      for (const each of cardsIn(file)) {
        if ('wrong' in each) continue;
        const { contact } = readCard(each);
        if (contact !== undefined) for (const version of ['3.0', '4.0'] as const) again(contact, version);
      }
    }),
    { seed: SEED, numRuns: 3000 },
  );
});

test('long and hostile cards cost no more than their length', () => {
  const long = [
    `NOTE:${'a\r\n '.repeat(300_000)}`,
    `X-A${';B'.repeat(30_000)}:1`,
    `X-A;B=${'"'.repeat(60_000)}:1`,
    `NOTE:${'\\'.repeat(60_000)}`,
    `N:${';'.repeat(60_000)}`,
    `NOTE;ENCODING=QUOTED-PRINTABLE:${'=\r\n'.repeat(200_000)}`,
    `NICKNAME:${'a,'.repeat(30_000)}`,
    ';'.repeat(60_000),
  ];
  for (const each of long) assert.equal(read(card(`FN:A\r\n${each}`)).length, 1);
  assert.equal([...cardsIn(bytesOf('BEGIN:VCARD\r\n'.repeat(200_000)))].length, 1);
});

/** What vobject reads of cards: for each the name, and all values of some properties. */
const SCRIPT = `
import json, sys, vobject
def values(card, name):
    return [line.value if isinstance(line.value, (str, list)) else str(line.value) for line in card.contents.get(name, [])]
found = []
for text in json.load(sys.stdin):
    card = vobject.readOne(text)
    n = card.contents['n'][0].value if 'n' in card.contents else None
    adr = [[a.value.street, a.value.city, a.value.code] for a in card.contents.get('adr', [])]
    found.append({'fn': card.fn.value, 'n': n and [n.family, n.given], 'email': values(card, 'email'), 'tel': values(card, 'tel'), 'note': values(card, 'note'),
      'org': values(card, 'org'), 'uid': values(card, 'uid'), 'types': [line.params.get('TYPE', []) for line in card.contents.get('tel', [])],
      'adr': adr, 'again': card.serialize()})
json.dump(found, sys.stdout)
`;

interface Judged {
  readonly [key: string]: unknown;
  readonly again: string;
}

function judged(texts: readonly string[]): readonly Judged[] {
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-c', SCRIPT], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Judged[];
}

const JUDGED: Contact = {
  name: 'Anna Lind; née Berg, Dr.',
  uid: 'urn:uuid:1',
  fields: new Map<string, Value>([
    [
      'name-parts',
      line([
        ['family', 'Lind; née'],
        ['given', 'Anna'],
      ]),
    ],
    [
      'email',
      [
        'anna@example.org',
        line([
          ['value', 'a,b@example.org'],
          ['type', 'work'],
        ]),
      ],
    ],
    [
      'phone',
      [
        line([
          ['value', '+49 1;2'],
          ['type', ['cell', 'home']],
        ]),
      ],
    ],
    [
      'address',
      [
        line([
          ['street', 'Straße, 1'],
          ['city', 'Köln'],
          ['code', '50667'],
        ]),
      ],
    ],
    ['organization', [line([['value', ['Firm; and Co', 'Unit']]])]],
  ]),
  note: `First, line\nsecond; with a \\ and ${'ü'.repeat(100)}`,
};

test('vobject reads what is written, and what vobject writes is read as the same', (t) => {
  if (spawnSync(PYTHON, ['-c', 'import vobject'], { timeout: 20_000 }).status !== 0)
    return t.skip('needs python3-vobject');
  const [found] = judged([writeContact(JUDGED, ID, '3.0')]);
  const { again: back, ...values } = found!;
  assert.deepEqual(values, {
    fn: JUDGED.name,
    n: ['Lind; née', 'Anna'],
    email: ['anna@example.org', 'a,b@example.org'],
    tel: ['+49 1;2'],
    note: [JUDGED.note],
    org: [['Firm; and Co', 'Unit']],
    uid: ['urn:uuid:1'],
    types: [['cell', 'home']],
    adr: [['Straße, 1', 'Köln', '50667']],
  });
  assert.deepEqual(said(read(back)[0]!.contact), said(JUDGED));
  const samples = fc.sample(some, { seed: SEED, numRuns: 200 });
  const cards = samples.map((text) =>
    writeContact({ name: text, fields: new Map([['email', [text]]]), note: text.trim() }, ID, '3.0'),
  );
  judged(cards).forEach(({ fn, note }, i) => assert.deepEqual([fn, note], [samples[i], [samples[i]]]));
});
