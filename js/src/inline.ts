/** Brings the module in the package's own text: no file to load, nothing for a bundler to know. */

import { find } from './generated/wasm-inline.js';
import { provideSource } from './source.js';

provideSource(find);
