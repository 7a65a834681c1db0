import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import type { Disk } from '../../src/disk/disk.ts';
import { link, linesIn, named, plant, sameAs, tree, type Literal } from '../tools/tree.ts';
import { repository, Workbench } from '../tools/repository.ts';
import { init } from '../../src/flow/init.ts';

/** Enough for a second thread, and uneven: a chain, a crowd, and something of everything. */
function big(): Literal {
  const literal: Record<string, Literal[string]> = { '.dbkignore': '*.o\n', 'a/b/c/d/e/f/g/h': 'deep' };
  for (let i = 0; i < 250; i++) {
    for (let j = 0; j < 21; j++) literal[`d${i % 17}/s${i}/file ${j}`] = `content ${i} ${j % 7}`;
    literal[`d${i % 17}/s${i}/x.o`] = 'ignored';
    if (i % 10 === 0) literal[`d${i % 17}/s${i}/.dbkignore`] = 'file 3\n!x.o\n';
    if (i % 25 === 0) literal[`d${i % 17}/s${i}/link`] = link('file 1');
    if (i % 40 === 0) literal[`d${i % 17}/s${i}/${named('odd ', 0xff)}/sub/z`] = `z ${i}`;
  }
  literal['d0/twin'] = sameAs('d16/s16/file 1');
  literal['d5/big'] = new Uint8Array(9_000_000).fill(5);
  return literal;
}

/** Counts the threads that were made while something ran. */
async function threadsOf<T>(action: () => Promise<T>): Promise<[T, number]> {
  let made = 0;
  const count = (): void => void made++;
  process.on('worker', count);
  try {
    return [await action(), made];
  } finally {
    process.off('worker', count);
  }
}

test('two threads say what one says: at first, after edits, without the cache, reading everything', async (t) => {
  const root = tree(t, big());
  const benches = [new Workbench(root, { threads: 1 }), new Workbench(root, { threads: 2 })];
  const aside = (bench: Workbench): string => `${root}.${benches.indexOf(bench)}`;
  t.after(() => benches.forEach((bench) => fs.rmSync(aside(bench), { recursive: true, force: true })));
  /** Runs with each one's own `.dbk` in the one folder. */
  const both = async (
    threads: readonly number[],
    action: (bench: Workbench) => Promise<unknown>,
  ): Promise<void> => {
    const answers: unknown[] = [];
    for (const [i, bench] of benches.entries()) {
      fs.renameSync(aside(bench), join(root, '.dbk'));
      const [answer, made] = await threadsOf(() => action(bench));
      fs.renameSync(join(root, '.dbk'), aside(bench));
      assert.equal(made, threads[i]);
      answers.push(answer);
    }
    assert.deepEqual(answers[1], answers[0]);
  };
  for (const bench of benches) {
    await init(bench.context, { folder: root, name: 'kestrel' });
    fs.renameSync(join(root, '.dbk'), aside(bench));
  }
  const commit = async (bench: Workbench): Promise<unknown> => {
    const { changes, problems, result } = await bench.commit({ confirmDeletions: true });
    const { files, bytes, summary } = result;
    return {
      changes,
      problems,
      files,
      bytes,
      summary,
      recorded: bench.recorded(),
      same: Object.keys(bench.same()),
    };
  };
  const status =
    (checkEverything: boolean) =>
    async (bench: Workbench): Promise<unknown> => {
      const { changes, problems, status: found } = await bench.status({ checkEverything });
      return { changes, problems, files: found.files, bytes: found.bytes };
    };
  await both([0, 1], commit);
  await both([0, 1], status(false));
  for (let i = 0; i < 250; i += 7) {
    const folder = `d${i % 17}/s${i}`;
    plant(root, { [`${folder}/file 1`]: 'edited', [`${folder}/new/thing`]: 'new' });
    if (i % 3 === 0) fs.rmSync(join(root, folder, 'file 5'));
  }
  fs.renameSync(join(root, 'd3'), join(root, 'D3'));
  fs.rmSync(join(root, 'd4'), { recursive: true });
  plant(root, { '.dbkignore': 'x.o\nfile 2\n', 'd7/.dbkignore': Buffer.of(0xff), 'd8/.dbkignore': '\0' });
  await both([0, 1], status(false));
  await both([0, 1], commit);
  for (const bench of benches) fs.rmSync(join(aside(bench), 'local/cache'));
  await both([0, 1], status(false));
  await both([0, 1], status(true));
});

test('the order in which a file system names things does not matter', async (t) => {
  const literal = { b: 'x', 'a/z': 'y', 'a/é': 'z', [named('a/', 0xff)]: 'w', 'c/d/e': '', c2: link('b') };
  const orders: Readonly<Record<string, (disk: Disk) => Disk>> = {
    'as it comes': (disk) => disk,
    reversed: (disk) => ({ ...disk, readdir: (path) => disk.readdir(path).reverse() }),
    'the last first': (disk) => ({
      ...disk,
      readdir: (path) => {
        const names = disk.readdir(path).sort();
        return names.length === 0 ? [] : [names.at(-1)!, ...names.slice(0, -1)];
      },
    }),
  };
  const told: (readonly string[])[] = [];
  for (const [order, disk] of Object.entries(orders)) {
    const bench = await repository(t, literal, { disk });
    told.push((await bench.commit()).changes);
    assert.deepEqual(bench.recorded(), linesIn(bench.root), order);
    assert.deepEqual((await bench.status()).changes, [], order);
  }
  assert.deepEqual(told, [told[0], told[0], told[0]]);
});
