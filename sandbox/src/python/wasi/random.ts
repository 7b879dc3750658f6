// wasi:random: bytes from the host's generator.

import type { HostContext, HostFunctions } from './run-state.js';

/** `getRandomValues` gives at most this much at once. */
const CHUNK_BYTES = 65_536;
/** More than any program needs at once, and little enough to make. */
const MAX_BYTES = 64 << 20;

function makeRandomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += CHUNK_BYTES) {
    crypto.getRandomValues(bytes.subarray(start, start + CHUNK_BYTES));
  }
  return bytes;
}

export function random(context: HostContext): HostFunctions {
  return {
    'wasi:random/random#get-random-bytes': (length: bigint, target: number) => {
      const wanted = Math.min(Number(BigInt.asUintN(64, length)), MAX_BYTES);
      context.memory.writeList(target, makeRandomBytes(wanted));
    },
  };
}
