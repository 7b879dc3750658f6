/** Bytes as base64, and base64 as bytes. */

/** What `String.fromCharCode` takes at once without overflowing the stack. */
const PIECE = 1 << 15;

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += PIECE) {
    text += String.fromCharCode(...bytes.subarray(start, start + PIECE));
  }
  return btoa(text);
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
  if (fromBase64) return fromBase64.call(Uint8Array, base64);
  // A plain loop: `Uint8Array.from(text, map)` takes thirty times as long.
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
