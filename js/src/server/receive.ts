// The bytes of a body. In: a request. Out: its bytes, or why they were not taken. Does not know what they mean.

import type { Admission } from './admission.js';

/** Why a body was not taken: it is longer than one may be, or there is no room for it beside the others. */
export type Unreceived = 'too_long' | 'no_room';

/**
 * Reads a whole body and hands it to `use`. Every byte has its room from when it comes until `use` has ended, so that
 * bodies which come slowly count like those that wait.
 *
 * # Errors
 *
 * What the body's stream fails with when its client goes away, and what `use` throws.
 */
export async function receive<Made>(
  request: Request,
  maxBytes: number,
  admission: Admission,
  use: (bytes: Uint8Array) => Promise<Made>,
): Promise<Made | Unreceived> {
  if (Number(request.headers.get('content-length')) > maxBytes) return 'too_long';
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of request.body ?? []) {
      if (length + piece.length > maxBytes) return 'too_long';
      if (!admission.hold(piece.length)) return 'no_room';
      length += piece.length;
      pieces.push(piece);
    }
    return await use(Buffer.concat(pieces));
  } finally {
    admission.release(length);
  }
}
