/** Brings the module in the package's own text: no file to load, nothing for a bundler to know. */

import { decodeBase64 } from './base64.js';
import { wasmBase64 } from './generated/wasm-inline.js';
import { provideSource } from './source.js';

/** Node's way, named so that no bundler puts a replacement of it into a page. */
const { Buffer: buffer } = globalThis as { Buffer?: { from(text: string, encoding: 'base64'): Uint8Array } };

const decode = (text: string) => buffer?.from(text, 'base64') ?? decodeBase64(text);

provideSource(() => decode(wasmBase64));
