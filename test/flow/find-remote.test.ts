/** A repository on a disk is the same one wherever that disk is mounted, and no other in its place. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { addRemote, openRemote, readRemotes, remoteAt } from '../../src/flow/remotes.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { mountOf, mountsOf } from '../../src/store/mounts.ts';
import { nameOfBytes, type Name } from '../../src/model/name.ts';
import { temporary } from '../tools/tree.ts';
import { quick, reopened } from './fixture.ts';
import { repositories } from './two-repositories.ts';

before(() => loadBlake3());

interface Mounted {
  readonly point: string;
  readonly source?: string;
  readonly type?: string;
}

/** The same disk on a machine where these are mounted; `/dev/sdb1` has a UUID and a label, others have none. */
function onMachine(mounted: readonly Mounted[], uuid = '2b8c-11'): Disk {
  const lines = mounted.map(
    ({ point, source = '/dev/sdb1', type = 'ext4' }, i) =>
      `${30 + i} 1 8:${i} / ${point.replaceAll(' ', '\\040')} rw,relatime shared:1 - ${type} ${source} rw\n`,
  );
  const links: Readonly<Record<string, string>> = {
    '/dev/disk/by-uuid': uuid,
    '/dev/disk/by-label': String.raw`my\x20d\xc3\xa4ta`,
  };
  return {
    ...quick,
    readFile: (path, limit) =>
      path === '/proc/self/mountinfo'
        ? Buffer.from(`22 1 8:0 / / rw - ext4 /dev/sda1 rw\n${lines.join('')}`)
        : quick.readFile(path, limit),
    readdir: (path) => (links[path] === undefined ? quick.readdir(path) : [links[path] as Name]),
    readlink: (path) => (path.startsWith('/dev/disk/') ? '../../sdb1' : quick.readlink(path)),
    realpath: (path) => (path.startsWith('/dev/') ? path : quick.realpath(path)),
  };
}

async function ownAndDisk(t: TestContext): Promise<{ readonly one: Repository; readonly media: string }> {
  const [one, copy] = (await repositories(t, ['laptop', 'disk'], { a: 'a' })) as [Repository, Repository];
  const media = fs.realpathSync(temporary(t));
  fs.mkdirSync(join(media, 'usb 0'));
  fs.renameSync(copy.root, join(media, 'usb 0/Data'));
  return { one, media };
}

test('a disk that is mounted elsewhere is found, and what it is known by is written down', async (t) => {
  const { one, media } = await ownAndDisk(t);
  const [first, second] = [join(media, 'usb 0'), join(media, 'usb1')];
  const then = reopened(one, onMachine([{ point: first }]));
  await addRemote(then, remoteAt('disk', join(first, 'Data'), '/'));
  const [remote] = (await readRemotes(then)).remotes;
  assert.ok(remote?.kind === 'path');
  const { name, path, volume, label, below } = remote;
  assert.deepEqual(
    { name, path, volume, label, below },
    { name: 'disk', path: join(first, 'Data'), volume: '2b8c-11', label: 'my däta', below: 'Data' },
  );
  assert.match(remote.id!, /^[0-9a-f]{16}$/);
  fs.renameSync(first, second);
  const now = reopened(one, onMachine([{ point: second }]));
  const opened = await openRemote(now, '/', 'disk');
  assert.equal(opened.remote.kind === 'path' && opened.remote.path, join(second, 'Data'));
  assert.equal((await opened.transport.facts()).id, remote.id);
  const none = { kind: 'remote', message: /'disk' is not here/ };
  await assert.rejects(openRemote(reopened(one, onMachine([])), '/', 'disk'), none);
  await assert.rejects(openRemote(reopened(one, onMachine([{ point: second }], 'other')), '/', 'disk'), none);
  const far = onMachine([{ point: second, type: 'nfs4', source: 'nas:/x' }]);
  await assert.rejects(openRemote(reopened(one, far), '/', 'disk'), none);
  // A system that does not tell what volumes are called still tells where they are.
  const untold = onMachine([{ point: second, source: '/dev/mapper/x' }]);
  assert.ok(await openRemote(reopened(one, untold), '/', 'disk'));
});

test('another repository at the same place is not taken for it', async (t) => {
  const { one, media } = await ownAndDisk(t);
  const [first, second] = [join(media, 'usb 0'), join(media, 'usb1')];
  await addRemote(reopened(one, onMachine([{ point: first }])), remoteAt('disk', join(first, 'Data'), '/'));
  fs.renameSync(first, second);
  const [, other] = (await repositories(t, ['third', 'other'], { b: 'b' })) as [Repository, Repository];
  fs.mkdirSync(first);
  fs.renameSync(other.root, join(first, 'Data'));
  const both = await openRemote(reopened(one, onMachine([{ point: first }, { point: second }])), '/', 'disk');
  assert.equal(both.remote.kind === 'path' && both.remote.path, join(second, 'Data'));
  const alone = reopened(one, onMachine([{ point: first }]));
  await assert.rejects(openRemote(alone, '/', 'disk'), {
    kind: 'remote',
    message: /is not the one that 'disk' was/,
  });
});

test('what the system says of mounts is read as it is meant', () => {
  const text =
    '36 35 98:0 /mnt1 /mnt/a\\040b\\134c rw,noatime master:1 - ext3 /dev/sdb1 rw,errors=continue\n' +
    '37 35 0:5 / /mnt/ä rw - fuse.sshfs ada@nas:/x rw\n' +
    'nonsense\n' +
    '38 36 0:6 / /mnt rw shared:1 master:2 - tmpfs tmpfs rw\n';
  const disk: Disk = { ...onMachine([]), readFile: () => Buffer.from(text) };
  const mounts = mountsOf(disk);
  assert.deepEqual(
    mounts.map(({ point, type, volume }) => [point, type, volume?.id]),
    [
      ['/mnt/a b\\c', 'ext3', '2b8c-11'],
      ['/mnt/ä', 'fuse.sshfs', undefined],
      ['/mnt', 'tmpfs', undefined],
    ],
  );
  assert.equal(mountOf(mounts, '/mnt/a b\\c/d')?.type, 'ext3');
  assert.equal(mountOf(mounts, '/mnt/a b')?.type, 'tmpfs');
  assert.equal(mountOf(mounts, '/home'), undefined);
  const silent: Disk = {
    ...quick,
    readFile: () => {
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    },
    readdir: () => [nameOfBytes(Uint8Array.of(0xff))],
  };
  assert.deepEqual(mountsOf(silent), []);
});
