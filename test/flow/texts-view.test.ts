import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backwards, forwards, viewThrough, type TextsView } from '../../src/flow/texts-view.ts';

/** A view of texts in memory; a directory is recorded where it has a manifest. */
function viewOf(texts: Readonly<Record<string, string>>): TextsView {
  const paths = Object.keys(texts);
  const below = (path: string): string[] =>
    paths.filter((each) => each.startsWith(`${path}/`)).map((each) => each.slice(path.length + 1));
  return {
    has: (path) => path in texts,
    text: (path) => texts[path],
    textsIn: (path) => below(path).filter((name) => !name.includes('/')),
    directoriesIn: (path) => below(path).flatMap((name) => /^([^/]+)\/manifest\.yaml$/.exec(name)?.[1] ?? []),
  };
}

test('a state seen through another is what it would be by itself, and back', () => {
  const before = {
    'tree/manifest.yaml': '1',
    'tree/a/manifest.yaml': '2',
    'tree/a/$.metadata': '3',
    ignore: '4',
  };
  const after = {
    'tree/manifest.yaml': '1',
    'tree/b/manifest.yaml': '2',
    'tree/b/$x.metadata': '5',
    ignore: '6',
  };
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const texts = (state: Readonly<Record<string, string>>, path: string): string | undefined => state[path];
  const changes = paths
    .map((path) => ({ path, before: texts(before, path), after: texts(after, path) }))
    .filter((change) => change.before !== change.after);
  const told = (view: TextsView) => ({
    texts: paths.map((path) => [path, view.has(path), view.text(path)]),
    directories: [...view.directoriesIn('tree')].sort(),
    inA: [...view.textsIn('tree/a')].sort(),
    inB: [...view.textsIn('tree/b')].sort(),
  });
  assert.deepEqual(told(viewThrough(viewOf(before), forwards(changes))), told(viewOf(after)));
  assert.deepEqual(told(viewThrough(viewOf(after), backwards(changes))), told(viewOf(before)));
});
