// Writes crates/constructs/src/entities.txt: the named character references of the HTML standard, as the npm
// package `entities` lists them, in the order of the characters that they stand for. In front of each name is how far
// its first character is behind that of the name before, in digits of base 16 from the space to the slash, and then
// what stands for its second character, if it has one, from the colon on. A name that differs from the one before in
// its first letter alone is this letter. Names of one character stand in the order that compresses best, which is
// searched for here.
//
//     node tests/vectors/generate-entities.mjs

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateRawSync } from 'node:zlib';

const names = createRequire(import.meta.url)('entities/lib/maps/entities.json');

/** What stands second in a reference for two characters, as in the code that reads the file. */
const SECONDS = ['\u0338', '\ufe00', '\u20d2', '\u20e5', '\u200a', '\u0331', '\u0333'];

// The one that stands for two letters has no place here; the code knows it.
const entries = Object.entries(names)
  .filter(([name]) => name !== 'fjlig')
  .map(([name, text]) => ({ name, code: text.codePointAt(0), second: [...text][1] }))
  .sort((one, other) => one.code - other.code || (one.name < other.name ? -1 : 1));

/** A number in digits of base 16, of which the space is the first. */
function writeNumber(number) {
  const digit = String.fromCharCode(32 + (number % 16));
  return number < 16 ? digit : writeNumber(Math.floor(number / 16)) + digit;
}

function writeSecond(second) {
  const index = SECONDS.indexOf(second);
  if (index < 0) throw new Error(`nothing stands for ${second} after another character`);
  return String.fromCharCode(58 + index);
}

function write(ordered) {
  let [code, tail] = [0, ''];
  return ordered
    .map((entry) => {
      const marks = writeNumber(entry.code - code) + (entry.second ? writeSecond(entry.second) : '');
      const [first, rest] = [entry.name.slice(0, 1), entry.name.slice(1)];
      const written = rest === tail ? first : entry.name;
      [code, tail] = [entry.code, rest];
      return marks + written;
    })
    .join('');
}

const measure = (ordered) => deflateRawSync(write(ordered), { level: 9 }).length;

/** The order in which no name gains by a place elsewhere among the names of its character. */
function search(ordered) {
  let [best, length] = [ordered, measure(ordered)];
  for (let hasGained = true; hasGained; ) {
    hasGained = false;
    for (let from = 0; from < best.length; from++) {
      for (let to = from - 1; best[to]?.code === best[from].code; to--) {
        const moved = best.toSpliced(from, 1).toSpliced(to, 0, best[from]);
        const found = measure(moved);
        if (found >= length) continue;
        [best, length, hasGained] = [moved, found, true];
        break;
      }
    }
  }
  return best;
}

const found = search(entries);
writeFileSync(new URL('../../crates/constructs/src/entities.txt', import.meta.url), write(found));
console.log(`${found.length + 1} names in ${measure(found)} bytes`);
