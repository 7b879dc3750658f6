/** Bytes as base64, and base64 as bytes. */

import { toBytes, toCharacters } from './bytes.js';

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(toCharacters(bytes));
}

/** What the package itself has in base64. Node's way where there is one: it is the fastest. */
export function decodeInline(base64: string): Uint8Array {
  // Named so that no bundler puts a replacement of it into a page.
  const { Buffer: buffer } = globalThis as {
    Buffer?: { from(text: string, encoding: 'base64'): Uint8Array };
  };
  return buffer?.from(base64, 'base64') ?? decodeBase64(base64);
}

/** Bytes that newer engines read from base64 by themselves. */
const { fromBase64 } = Uint8Array as { fromBase64?: (base64: string) => Uint8Array<ArrayBuffer> };

export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  return fromBase64 ? fromBase64.call(Uint8Array, base64) : toBytes(atob(base64));
}
