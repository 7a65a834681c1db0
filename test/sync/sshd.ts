/** The real sshd on this machine's own address, with keys and settings of its own, and a `ssh` that knows it. */

import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path/posix';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const SSHD = '/usr/sbin/sshd';
const PROGRAM = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const ATTEMPTS = 5;

/** Why there can be none here; false where there can. */
export const WITHOUT_SSHD: string | false =
  fs.existsSync(SSHD) && spawnSync('ssh', ['-V']).status === 0 ? false : 'needs sshd and ssh';

export interface Daemon {
  readonly port: number;
  /** What it has said so far. */
  said(): string;
}

export class SshMachine {
  readonly user = userInfo().username;
  readonly folder: string;
  /** The program for DBK_SSH, which reads no settings of whoever runs this. */
  readonly ssh: string;
  /** The program for DBK_REMOTE. */
  readonly remote: string;
  readonly #t: TestContext;

  constructor(t: TestContext) {
    this.#t = t;
    this.folder = fs.mkdtempSync(join(tmpdir(), 'dbk-ssh-'));
    t.after(() => fs.rmSync(this.folder, { recursive: true, force: true }));
    for (const name of ['host', 'key']) {
      const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(this.folder, name)]);
      if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr}`);
    }
    this.ssh = this.#program('ssh', `ssh -F '${join(this.folder, 'config')}' "$@"`);
    this.remote = this.#program('dbk', `'${process.execPath}' '${PROGRAM}' "$@"`);
    this.#write('known_hosts', '');
    this.settings('');
  }

  /** What `ssh` reads, with more for single hosts. */
  settings(more: string): void {
    const key = join(this.folder, 'key');
    this.#write(
      'config',
      [
        more,
        'Host *',
        `IdentityFile ${key}`,
        'IdentitiesOnly yes',
        'BatchMode yes',
        'StrictHostKeyChecking yes',
        `UserKnownHostsFile ${join(this.folder, 'known_hosts')}`,
        'GlobalKnownHostsFile none',
        '',
      ].join('\n'),
    );
  }

  /** Runs until the test ends; known to `ssh`. */
  async daemon(): Promise<Daemon> {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      const daemon = await this.#start(port);
      if (daemon !== undefined) {
        const [kind, key] = fs.readFileSync(join(this.folder, 'host.pub'), 'utf8').split(' ');
        fs.appendFileSync(join(this.folder, 'known_hosts'), `[127.0.0.1]:${port} ${kind} ${key}\n`);
        return daemon;
      }
      // Somebody else took the port meanwhile.
      if (attempt === ATTEMPTS) throw new Error('sshd does not start');
    }
  }

  async #start(port: number): Promise<Daemon | undefined> {
    // What its service makes before it starts it.
    if (process.getuid?.() === 0) fs.mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const config = this.#write(
      `sshd-${port}`,
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${join(this.folder, 'host')}`,
        `AuthorizedKeysFile ${join(this.folder, 'key.pub')}`,
        'PidFile none',
        'UsePAM no',
        'StrictModes no',
        'PasswordAuthentication no',
        'PermitRootLogin prohibit-password',
        '',
      ].join('\n'),
    );
    const child = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    const ended = new Promise<undefined>((resolve) => child.once('exit', () => resolve(undefined)));
    this.#t.after(async () => {
      child.kill();
      await ended;
      // A session that is still open has it too.
      child.stderr.destroy();
    });
    const listens = new Promise<Daemon>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Server listening')) resolve({ port, said: () => said });
      });
    });
    return Promise.race([listens, ended]);
  }

  #program(name: string, line: string): string {
    const path = this.#write(name, `#!/bin/sh\nexec ${line}\n`);
    fs.chmodSync(path, 0o755);
    return path;
  }

  #write(name: string, text: string): string {
    const path = join(this.folder, name);
    fs.writeFileSync(path, text);
    return path;
  }
}

/** Free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
