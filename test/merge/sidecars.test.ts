import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mergeSidecars, type SidecarQuestion } from '../../src/merge/sidecars.ts';
import type { MergedText, Text } from '../../src/merge/texts.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { Declared } from '../../src/text/field-check.ts';
import { declaration, digest, MEANS, swapped, swapSides } from './means.ts';

const DECLARED: Declared = {
  of: 'file',
  fields: new Map([
    ['rating', declaration('one', 'integer')],
    ['tags', declaration('set')],
    ['plays', declaration('sum', 'integer')],
    ['notes', declaration('prose')],
  ]),
};

const A = 'a1'.repeat(32) as ContentId;
const B = 'b2'.repeat(32) as ContentId;

/** Merges both ways round, and says once what came of it. */
function merge(question: SidecarQuestion): MergedText {
  const merged = mergeSidecars({ declared: DECLARED, ...question }, MEANS);
  const other = mergeSidecars({ declared: DECLARED, ...question, ...swapped(question) }, swapSides(MEANS));
  assert.deepEqual(other, merged);
  return merged;
}

function front(...lines: readonly string[]): string {
  return `---\n${lines.map((line) => `${line}\n`).join('')}---\n`;
}

/** The lower of two texts, and the other. */
function inOrder(a: string, b: string): readonly [lower: string, higher: string] {
  return digest(a) < digest(b) ? [a, b] : [b, a];
}

function clean(text: Text): MergedText {
  return { text, conflicts: [] };
}

test('what one side did, or both did, is taken as it stands', () => {
  const [a, b] = [front('a: 1'), front('b: 2   # spaced')];
  const rows: readonly (readonly [base: Text, ours: Text, theirs: Text, expected: Text])[] = [
    [a, a, b, b],
    [a, b, b, b],
    [undefined, a, undefined, a],
    [a, undefined, a, undefined],
    [a, undefined, undefined, undefined],
    // Not readable, but nobody else changed it.
    [a, a, '---\nno fields', '---\nno fields'],
    // Removed here, edited there.
    [a, undefined, b, b],
    [a, undefined, front('a: 1 # one'), front('a: 1 # one')],
  ];
  for (const [base, ours, theirs, expected] of rows) assert.deepEqual(merge({ base, ours, theirs }), clean(expected));
}); // prettier-ignore

test('lines merge first, with the comments of both', () => {
  const base = front('title: x', 'rating: 3', '', 'tags: [a]', 'plays: 4');
  const rows: readonly (readonly [base: Text, ours: string, theirs: string, expected: string])[] = [
    [
      base,
      front('title: x   # as on the sleeve', 'rating: 3', '', 'tags: [a]', 'plays: 4'),
      front('title: x', 'rating: 3', '', 'tags: [a]', '# counted by hand', 'plays: 5'),
      front('title: x   # as on the sleeve', 'rating: 3', '', 'tags: [a]', '# counted by hand', 'plays: 5'),
    ],
    // A set has no order: where its members stand is the lines' business.
    [
      front('tags:', '  - b', '  - c', '  - d'),
      front('tags:', '  - a # first', '  - b', '  - c', '  - d'),
      front('tags:', '  - b', '  - c', '  - d', '  - e'),
      front('tags:', '  - a # first', '  - b', '  - c', '  - d', '  - e'),
    ],
    // CRLF stays.
    [
      '---\r\na: 1\r\nb: 2\r\nc: 3\r\n---\r\nProse.',
      '---\r\na: 2\r\nb: 2\r\nc: 3\r\n---\r\nProse.',
      '---\r\na: 1\r\nb: 2\r\nc: 4\r\n---\r\nProse.',
      '---\r\na: 2\r\nb: 2\r\nc: 4\r\n---\r\nProse.',
    ],
    // Prose and fields are apart from each other.
    [
      `${front('a: 1')}one\ntwo\nthree`,
      `${front('a: 2')}one\ntwo\nthree`,
      `${front('a: 1')}one\ntwo\nTHREE`,
      `${front('a: 2')}one\ntwo\nTHREE`,
    ],
    // A literal block, by its lines.
    [
      front('notes: |', '  one', '  two', '  three', 'z: 1'),
      front('notes: |', '  One', '  two', '  three', 'z: 1'),
      front('notes: |', '  one', '  two', '  Three', 'z: 1'),
      front('notes: |', '  One', '  two', '  Three', 'z: 1'),
    ],
  ];
  for (const [before, ours, theirs, expected] of rows)
    assert.deepEqual(merge({ base: before, ours, theirs }), clean(expected));
});

test('what both added at one place stands there, the lower first', () => {
  const base = front('title: x');
  const [ours, theirs] = [front('title: x', '# mine', 'rating: 4'), front('title: x', 'mood: calm # theirs')];
  const [first, second] = inOrder(ours, theirs).map((text) => text.split('\n').slice(2, -2));
  assert.deepEqual(merge({ base, ours, theirs }), clean(front('title: x', ...first!, ...second!)));
  // The same, where there was no sidecar.
  const merged = merge({ base: undefined, ours: front('rating: 4'), theirs: front('mood: calm') });
  assert.deepEqual(merged.conflicts, []);
  assert.ok([front('rating: 4', 'mood: calm'), front('mood: calm', 'rating: 4')].includes(merged.text!));
});

test('a field that lines do not settle is written as its policy says, and the rest stays', () => {
  const rows: readonly (readonly [base: string, ours: string, theirs: string, expected: string])[] = [
    [front('plays: 4 # n'), front('plays: 5 # n'), front('plays: 6 # n'), front('plays: 7 # n')],
    [front('tags: [a]'), front('tags: [a, b]'), front('tags: [a, c]'), front('tags:', '  - a', '  - b', '  - c')],
    // Each added the same, at another place.
    [
      front('tags:', '  - a', '  - b', '  - c'),
      front('tags:', '  - x', '  - a', '  - b', '  - c'),
      front('tags:', '  - a', '  - b', '  - c', '  - x'),
      front('tags:', '  - a', '  - b', '  - c', '  - x'),
    ],
  ];
  for (const [base, ours, theirs, expected] of rows) assert.deepEqual(merge({ base, ours, theirs }), clean(expected));
}); // prettier-ignore

test('two values of one field are a conflict, and the other text is kept', () => {
  const base = front('title: x', 'rating: 3', 'plays: 1');
  const ours = front('# about x', 'title: x', 'rating: 4', 'plays: 1');
  const theirs = front('title: x', 'rating: 5 # best', 'plays: 2');
  const [lower, higher] = inOrder(ours, theirs);
  const comment = lower === theirs ? ' # best' : '';
  // Lines that one side alone changed are merged; here plays touches the rating.
  assert.deepEqual(merge({ base, ours, theirs }), {
    text: front(
      '# about x',
      'title: x',
      `rating:${comment}`,
      '  conflict:',
      '    base: 3',
      '    laptop: 4',
      '    nas: 5',
      'plays: 2',
    ),
    conflicts: [{ field: 'rating' }],
    kept: higher,
  });
});

test('where lines make no sidecar, the lower text is taken, and all fields and the prose are written into it', () => {
  const base = `${front('a: 1', 'b: 2', 'c: 3')}One.\n\nTwo.\n`;
  const ours = `${front('# ours', 'plays: 4', 'a: 1', 'b: 2', 'c: 3')}One!\n\nTwo.\n`;
  const theirs = `${front('a: 1', 'b: 2', 'c: 4', 'plays: 5')}One.\n\nTwo!\n`;
  const [lower, higher] = inOrder(ours, theirs);
  const fields =
    lower === ours ? ['# ours', 'plays: 9', 'a: 1', 'b: 2', 'c: 4'] : ['a: 1', 'b: 2', 'c: 4', 'plays: 9'];
  const text = `${front(...fields)}One!\n\nTwo!\n`;
  // The comment is lost where it did not stand in the text that was taken.
  const expected = lower === ours ? clean(text) : { text, conflicts: [{ field: '' }], kept: higher };
  assert.deepEqual(merge({ base, ours, theirs }), expected);
});

test('a conflict that was there already is not told again, and a decision is taken', () => {
  const conflict = ['rating:', '  conflict:', '    base: 3', '    laptop: 4', '    nas: 5'];
  const base = front('title: x', ...conflict, 'plays: 1');
  const decided = front('title: x', 'rating: 5', 'plays: 1');
  const other = front('title: y', ...conflict, 'plays: 2');
  assert.deepEqual(merge({ base, ours: decided, theirs: other }), clean(front('title: y', 'rating: 5', 'plays: 2')));
  const twice = merge({ base: front('title: x'), ours: front('title: y', ...conflict), theirs: front('title: x', 'b: 1') });
  assert.deepEqual(twice.conflicts, []);
}); // prettier-ignore

test('a comment that the result has not is kept', () => {
  const base = front('plays: 4');
  const [ours, theirs] = [front('plays: 5 # mine'), front('plays: 6 # theirs')];
  const [lower, higher] = inOrder(ours, theirs);
  assert.deepEqual(merge({ base, ours, theirs }), {
    text: lower.replace(/\d+/, '7'),
    conflicts: [{ field: '' }],
    kept: higher,
  });
});

test('prose merges by lines; where both changed the same, one is taken and the other text kept', () => {
  const base = `${front('a: 1')}One.\n\nTwo.\n`;
  const ours = `${front('a: 1')}One!\n\nTwo.\n`;
  const theirs = `${front('a: 2')}One?\n\nTwo.\nThree.\n`;
  const [lower, higher] = inOrder(ours, theirs);
  const first = lower === ours ? 'One!' : 'One?';
  assert.deepEqual(merge({ base, ours, theirs }), {
    text: `${front('a: 2')}${first}\n\nTwo.\nThree.\n`,
    conflicts: [{ field: '' }],
    kept: higher,
  });
  const [x, y] = ['only prose', 'other prose'] as const;
  const [low, high] = inOrder(x, y);
  assert.deepEqual(merge({ base: undefined, ours: x, theirs: y }), {
    text: low,
    conflicts: [{ field: '' }],
    kept: high,
  });
  // A last fence without a line feed gets one.
  const cut = '---\na: 1\n---';
  assert.deepEqual(
    merge({ base: cut, ours: `${cut}\nProse.\n`, theirs: '---\na: 2\n---' }),
    clean(`${front('a: 2')}Prose.\n`),
  );
});

test('what was read from the content is chosen, never merged', () => {
  const block = (of: ContentId, by: number, title: string): readonly string[] => [
    'extracted:',
    `  of: ${of}`,
    `  by: music ${by}`,
    `  title: ${title}`,
  ];
  const base = front('a: 1', ...block(A, 1, 'x'), 'b: 1');
  const rows: readonly (readonly [ours: Text, theirs: Text, of: ContentId | undefined, expected: Text])[] = [
    // It stays in its place.
    [
      front('a: 1', ...block(A, 9, 'w'), 'b: 2'),
      front('a: 2', ...block(A, 10, 'z'), 'b: 1'),
      A,
      front('a: 2', ...block(A, 10, 'z'), 'b: 2'),
    ],
    [
      front('a: 1', ...block(B, 1, 'w'), 'b: 1'),
      front('a: 2', ...block(A, 10, 'z'), 'b: 1'),
      B,
      front('a: 2', ...block(B, 1, 'w'), 'b: 1'),
    ],
    [front('a: 1', ...block(A, 9, 'w'), 'b: 1'), front('a: 1', ...block(A, 10, 'z'), 'b: 1'), A, front('a: 1', ...block(A, 10, 'z'), 'b: 1')],
    [front('a: 1', 'b: 1'), front('a: 2', ...block(A, 1, 'x'), 'b: 1'), A, front('a: 2', 'b: 1')],
    // Nobody wrote anything: what was removed is.
    [undefined, front('a: 1', ...block(A, 2, 'x'), 'b: 1'), A, undefined],
    [undefined, front('a: 2', ...block(A, 1, 'x'), 'b: 1'), A, front('a: 2', ...block(A, 1, 'x'), 'b: 1')],
  ]; // prettier-ignore
  for (const [ours, theirs, of, expected] of rows)
    assert.deepEqual(merge({ base, ours, theirs, of }), clean(expected));
  const [ours, theirs] = [front(...block(A, 1, 'x')), front(...block(A, 2, 'x'))];
  assert.deepEqual(merge({ base: undefined, ours, theirs, of: A }), clean(theirs));
});

test('of texts that cannot be read the lower is taken, and the other kept', () => {
  const base = front('a: 1');
  const rows: readonly (readonly [string, string])[] = [
    ['---\nnever closed', front('a: 2')],
    ['---\nnever closed', '---\nnever closed either'],
    [`${front('a: 2')}<<<<<<< a\nb\n=======\nc\n>>>>>>> d\n`, front('a: 3')],
  ];
  for (const [ours, theirs] of rows) {
    const [lower, higher] = inOrder(ours, theirs);
    assert.deepEqual(merge({ base, ours, theirs }), {
      text: lower,
      conflicts: [{ field: '' }],
      kept: higher,
    });
  }
  // A base that cannot be read says nothing.
  const merged = merge({ base: '---\nnever closed', ours: front('a: 2'), theirs: front('b: 3') });
  assert.deepEqual(merged.conflicts, []);
});

test('where nothing is left there is no sidecar', () => {
  const base = front('a: 1', 'b: 2', 'c: 3');
  assert.deepEqual(merge({ base, ours: front('a: 1'), theirs: front('b: 2', 'c: 3') }), clean(undefined));
  const extracted = front('extracted:', `  of: ${A}`, '  by: music 1');
  const again = front('extracted:', `  of: ${A}`, '  by: music 2');
  assert.deepEqual(merge({ base: extracted, ours: undefined, theirs: again }), clean(undefined));
});
