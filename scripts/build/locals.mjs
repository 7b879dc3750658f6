// Numbers the locals of each function anew, so that gzip finds more of a function in those before it. Compilers number them by
// how often they are used; to the function all numbers of one type are equal. Nothing else of the module changes.

import { constants, deflateRawSync } from 'node:zlib';
import { Reader, readBodies, readInstruction, readSections, section, writeNumber } from './wasm-format.mjs';

/** How far back gzip looks. */
const windowBytes = 1 << 15;

/** The codes of `local.get`, `local.set` and `local.tee`. */
const ofLocal = new Set([0x20, 0x21, 0x22]);

/**
 * @param {Buffer} module
 * @returns {Buffer}
 */
export function numberLocals(module) {
  const sections = readSections(module);
  const parameters = countParameters(sections);
  const code = sections.find(({ id }) => id === section.code);
  let before = Buffer.alloc(0);
  const bodies = readBodies(code.body).map(({ bytes }, place) => {
    const best = renumber(readFunction(bytes, parameters[place]), before);
    before = Buffer.concat([before, best]).subarray(-windowBytes);
    return best;
  });
  const content = join([
    writeNumber(bodies.length),
    ...bodies.flatMap((body) => [writeNumber(body.length), body]),
  ]);
  const start = code.whole.byteOffset - module.byteOffset;
  const head = [section.code, ...writeNumber(content.length)];
  return join([module.subarray(0, start), head, content, module.subarray(start + code.whole.length)]);
}

function join(pieces) {
  return Buffer.concat(pieces.map((piece) => (Array.isArray(piece) ? Uint8Array.from(piece) : piece)));
}

/** How many parameters each function has. */
function countParameters(sections) {
  const [types, functions] = [section.type, section.function].map(
    (wanted) => new Reader(sections.find(({ id }) => id === wanted).body),
  );
  const ofTypes = Array.from({ length: types.number() }, () => {
    types.byte();
    const count = types.number();
    types.take(count);
    types.take(types.number());
    return count;
  });
  return Array.from({ length: functions.number() }, () => ofTypes[functions.number()]);
}

/**
 * The locals of a function in the order of the instructions, the bytes around them, and from and up to which number they are of one
 * type. A parameter's number is that of its argument, and stays.
 */
function readFunction(bytes, parameters) {
  const reader = new Reader(bytes);
  let count = parameters;
  const groups = Array.from({ length: reader.number() }, () => {
    const from = count;
    count += reader.number();
    reader.byte();
    return [from, count];
  });
  const locals = [];
  const around = [];
  let start = 0;
  while (!reader.isAtEnd) {
    const at = reader.at + 1;
    if (!ofLocal.has(readInstruction(reader))) continue;
    around.push(bytes.subarray(start, at));
    locals.push(new Reader(bytes.subarray(at)).number());
    start = reader.at;
  }
  around.push(bytes.subarray(start));
  return { count, groups, locals, around };
}

/** The function with those numbers that gzip likes best, as far as exchanging any two of them leads. */
function renumber({ count, groups, locals, around }, before) {
  const write = (numbers) =>
    join(
      around.flatMap((bytes, place) =>
        place === 0 ? [bytes] : [writeNumber(numbers[locals[place - 1]]), bytes],
      ),
    );
  let numbers = Array.from({ length: count }, (_, index) => index);
  let best = write(numbers);
  let bestSize = weigh(best, before);
  let isBetter = true;
  while (isBetter) {
    isBetter = false;
    for (const [one, other] of groups.flatMap(listPairs)) {
      const next = [...numbers];
      [next[one], next[other]] = [numbers[other], numbers[one]];
      const written = write(next);
      const size = weigh(written, before);
      if (size >= bestSize) continue;
      [numbers, best, bestSize, isBetter] = [next, written, size, true];
    }
  }
  return best;
}

function listPairs([from, to]) {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  return numbers.flatMap((one) => numbers.filter((other) => other > one).map((other) => [one, other]));
}

/** With codes that are the same for all functions, as those that gzip makes for so few bytes are not those of the whole. */
function weigh(bytes, before) {
  const dictionary = before.length > 0 ? { dictionary: before } : {};
  return deflateRawSync(bytes, { level: 9, strategy: constants.Z_FIXED, ...dictionary }).length;
}
