// Writes crates/blocks/src/markdown/entities.txt: the named character references of the HTML standard, one a
// line, as the npm package `entities` lists them. A name leaves out what it begins with in common with the one before
// it, and has the length of that in front, as a letter: `@` for none, `A` for one, and so on.
//
//     node tests/vectors/generate-entities.mjs

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const names = createRequire(import.meta.url)('entities/lib/maps/entities.json');
const NONE = '@'.charCodeAt(0);

function commonLength(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

// The one that stands for a line feed would break its line; the code knows it.
const lines = Object.entries(names)
  .filter(([name]) => name !== 'NewLine')
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, text], index, all) => {
    const shared = commonLength(name, all[index - 1]?.[0] ?? '');
    return `${String.fromCharCode(NONE + shared)}${name.slice(shared)} ${text}\n`;
  });
writeFileSync(
  new URL('../../crates/blocks/src/markdown/entities.txt', import.meta.url),
  `\n${lines.join('')}`,
);
console.log(`${lines.length + 1} names`);
