/** Brings the module in the package's own text: no file to load, nothing for a bundler to know. */

import { decodeInline } from '../base64.js';
import { wasmBase64 } from '../generated/wasm-inline.js';
import { provideSource } from '../source.js';

provideSource(() => decodeInline(wasmBase64));
