import { decodeInline } from '../base64.js';
import { wasmBase64 } from '../generated/rollouts-inline.js';

/** The module `rollouts` in the package's own text. */
export const find = (): Uint8Array => decodeInline(wasmBase64);
