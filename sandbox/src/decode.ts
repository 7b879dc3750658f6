// Turns captured bytes into the text SandboxFusion answers with. In: the pieces of a stream. Out: text.
// SandboxFusion decodes as Python does and puts the text of a failure in place of the output, so the failures are worded
// as CPython's unicode_decode_utf8 words them. Output that was cut at the limit is cut at a character instead.

type Fault = 'invalid start byte' | 'invalid continuation byte' | 'unexpected end of data';

interface InvalidBytes {
  start: number;
  end: number;
  fault: Fault;
}

export function concatenate(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}

const isContinuation = (byte: number) => (byte & 0xc0) === 0x80;

/** How many bytes follow a first byte, or -1 when it cannot be first. */
function countContinuations(first: number): number {
  if (first < 0x80) return 0;
  if (first < 0xc2) return -1;
  if (first < 0xe0) return 1;
  if (first < 0xf0) return 2;
  return first < 0xf5 ? 3 : -1;
}

/** Whether a second byte can follow: no overlong forms, no surrogates, nothing above U+10FFFF. */
function isSecond(first: number, second: number): boolean {
  if (!isContinuation(second)) return false;
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second < 0xa0;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second < 0x90;
}

/** The first bytes that are no UTF-8, as CPython delimits them. */
export function findInvalidBytes(bytes: Uint8Array): InvalidBytes | undefined {
  for (let start = 0; start < bytes.length; ) {
    const first = bytes[start] as number;
    const following = countContinuations(first);
    if (following < 0) return { start, end: start + 1, fault: 'invalid start byte' };
    for (let offset = 1; offset <= following; offset++) {
      const byte = bytes[start + offset];
      if (byte === undefined) return { start, end: bytes.length, fault: 'unexpected end of data' };
      const valid = offset === 1 ? isSecond(first, byte) : isContinuation(byte);
      if (!valid) return { start, end: start + offset, fault: 'invalid continuation byte' };
    }
    start += following + 1;
  }
  return undefined;
}

function describeInvalidBytes(bytes: Uint8Array, { start, end, fault }: InvalidBytes): string {
  if (end - start > 1) return `'utf-8' codec can't decode bytes in position ${start}-${end - 1}: ${fault}`;
  const byte = (bytes[start] as number).toString(16).padStart(2, '0');
  return `'utf-8' codec can't decode byte 0x${byte} in position ${start}: ${fault}`;
}

/** The text of a stream; of a truncated one, an incomplete last character is left out. */
export function decodeOutput(pieces: readonly Uint8Array[], { truncated }: { truncated: boolean }): string {
  const bytes = concatenate(pieces);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    const invalid = findInvalidBytes(bytes);
    if (!invalid) throw new Error('the decoder refused valid UTF-8');
    if (truncated && invalid.fault === 'unexpected end of data')
      return decoder.decode(bytes.subarray(0, invalid.start));
    return `[DecodeError] ${describeInvalidBytes(bytes, invalid)}`;
  }
}
