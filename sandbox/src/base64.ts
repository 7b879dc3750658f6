// base64 as Python reads and writes it. In: text or bytes. Out: bytes or text.

const CHUNK_BYTES = 0x8000;

/** As `base64.b64decode`: what is no base64 character is passed over; only wrong padding is an error. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const kept = text.replace(/[^A-Za-z0-9+/=]/g, '');
  const digits = kept.replace(/=.*$/, '');
  const padding = kept.length - digits.length;
  if (digits.length % 4 === 1) throw new Error('the number of characters is 1 more than a multiple of 4');
  const missing = (4 - (digits.length % 4)) % 4;
  if (padding < missing) throw new Error('incorrect padding');
  return Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
}

export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES));
  }
  return btoa(binary);
}
