/** Bytes as base64, and base64 as bytes. */

import { toBytes, toCharacters } from './bytes.js';

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(toCharacters(bytes));
}

/** Bytes that newer engines read from base64 by themselves. */
const { fromBase64 } = Uint8Array as { fromBase64?: (base64: string) => Uint8Array<ArrayBuffer> };

export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  return fromBase64 ? fromBase64.call(Uint8Array, base64) : toBytes(atob(base64));
}
