/** BLAKE3: the native library where it loads, WebAssembly elsewhere. */

import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import type { ContentId, Digest } from '../model/id.ts';

/** One hasher, used for one content after the other: making one for each file leaves hundreds of megabytes behind. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The 32 bytes; afterwards the hasher begins anew. */
  digest(): Uint8Array;
}

type Native = typeof import('@napi-rs/blake-hash');

/** A WebAssembly hasher is made asynchronously, so this many are made ahead; no thread holds more at a time. */
const AHEAD = 4;

const require = createRequire(import.meta.url);
const spare: Hasher[] = [];
let native: Native | false | undefined;
let shared: Hasher | undefined;

/** Loads what hashes. To be awaited once in each thread before anything is hashed; costs nothing the second time. */
export async function loadBlake3(options: { readonly nativeAllowed?: boolean } = {}): Promise<void> {
  if (options.nativeAllowed === false) native = false;
  if (loadNative() || spare.length > 0) return;
  const { createBLAKE3 } = await import('hash-wasm');
  for (let i = 0; i < AHEAD; i++) {
    const wasm = await createBLAKE3();
    wasm.init();
    spare.push({
      update: (bytes) => void wasm.update(bytes),
      digest: () => {
        const hash = wasm.digest('binary');
        wasm.init();
        return hash;
      },
    });
  }
}

/** A hasher of the caller's own, for contents that come in pieces; to be kept, not made for each content. */
export function newHasher(): Hasher {
  const library = loadNative();
  const hasher = library ? nativeHasher(library) : spare.pop();
  if (hasher === undefined) throw new Error('loadBlake3 was not awaited');
  return hasher;
}

/** The id of bytes, or of a text's UTF-8. */
export const digest: Digest = (bytes) => {
  shared ??= newHasher();
  shared.update(typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes);
  return hexOf(shared.digest());
};

export function hexOf(hash: Uint8Array): ContentId {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex') as ContentId;
}

function loadNative(): Native | false {
  if (native === undefined) {
    native = false;
    for (const name of [...directNames(), '@napi-rs/blake-hash']) {
      try {
        native = require(name) as Native;
        break;
      } catch {
        // The next name, or WebAssembly.
      }
    }
  }
  return native;
}

/** The package's own way to its binary on Linux asks Node for a report of the process, which takes 8 ms. */
function directNames(): string[] {
  if (platform() !== 'linux') return [];
  return ['gnu', 'musl'].map((libc) => `@napi-rs/blake-hash-linux-${arch()}-${libc}`);
}

function nativeHasher(library: Native): Hasher {
  const hasher = new library.Blake3Hasher();
  return {
    update: (bytes) => void hasher.update(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    digest: () => {
      const hash = hasher.digestBuffer();
      hasher.reset();
      return hash;
    },
  };
}
