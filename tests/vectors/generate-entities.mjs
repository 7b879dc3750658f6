// Writes crates/constructs/src/entities.txt: the named character references of the HTML standard, as the npm
// package `entities` lists them, in the order of the characters that they stand for. In front of each name is how far
// its character is behind that of the name before, as one of the STEPS, or the character itself: where it is farther,
// and for each 64th name, so that a reader need not go back far; and the second character of what is two. Compressed,
// this takes a third less than the order of the names.
//
//     node tests/vectors/generate-entities.mjs

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const names = createRequire(import.meta.url)('entities/lib/maps/entities.json');

/** The characters of ASCII that are in no name, which stand for the numbers from 0 on. */
const STEPS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  .filter((character) => !/[0-9A-Za-z]/.test(character))
  .join('');

const codes = (text) => [...text].map((character) => character.codePointAt(0));

function order([name, text], [otherName, otherText]) {
  const [[first, second = 0], [otherFirst, otherSecond = 0]] = [codes(text), codes(otherText)];
  return (
    first - otherFirst ||
    second - otherSecond ||
    otherName.length - name.length ||
    (name < otherName ? -1 : 1)
  );
}

// The one that stands for two letters has no place here; the code knows it.
const entries = Object.entries(names)
  .filter(([name]) => name !== 'fjlig')
  .sort(order);
let before = 0;
const written = entries.map(([name, text], index) => {
  const [first, ...second] = text;
  const code = first.codePointAt(0);
  const step = (index % 64 === 0 && code >= 0x80 ? undefined : STEPS[code - before]) ?? first;
  before = code;
  if (/[0-9A-Za-z]/.test(step + second.join(''))) throw new Error(`${name} stands for a letter of ASCII`);
  return step + second.join('') + name;
});
writeFileSync(new URL('../../crates/constructs/src/entities.txt', import.meta.url), written.join(''));
console.log(`${entries.length + 1} names`);
