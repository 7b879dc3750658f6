// Writes crates/blocks/src/markdown/entities.txt: the named character references of the HTML standard, one a
// line, as the npm package `entities` lists them.
//
//     node tests/vectors/generate-entities.mjs

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const names = createRequire(import.meta.url)('entities/lib/maps/entities.json');
// The one that stands for a line feed would break its line; the code knows it.
const lines = Object.entries(names)
  .filter(([name]) => name !== 'NewLine')
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, text]) => `${name} ${text}\n`);
writeFileSync(
  new URL('../../crates/blocks/src/markdown/entities.txt', import.meta.url),
  `\n${lines.join('')}`,
);
console.log(`${lines.length + 1} names`);
