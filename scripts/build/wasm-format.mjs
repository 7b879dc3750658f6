// The binary format of WebAssembly, as far as the steps of the build read it: a module in, its sections, the bodies of its functions
// and their instructions out. A body is a `Buffer` upon the bytes of the module.

import { CannotGoOn } from '../setup/program.mjs';

export const section = { custom: 0, type: 1, function: 3, code: 10, data: 11 };

/** A place in some bytes. */
export class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  get isAtEnd() {
    return this.at >= this.bytes.length;
  }
  byte() {
    return this.bytes[this.at++];
  }
  /** A number in groups of seven bits, the lowest first. */
  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
  /** The same, of which the highest bit of the last group is the sign. */
  signedNumber() {
    const start = this.at;
    const value = this.number();
    const isNegative = this.bytes[this.at - 1] & 0x40;
    return isNegative ? value - 128 ** (this.at - start) : value;
  }
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  text() {
    return this.take(this.number()).toString();
  }
}

/** The sections of a module: their content, a custom one's behind its name, and the whole of each. */
export function readSections(bytes) {
  const reader = new Reader(bytes);
  reader.take(8);
  const sections = [];
  while (!reader.isAtEnd) {
    const start = reader.at;
    const id = reader.byte();
    const body = new Reader(reader.take(reader.number()));
    const name = id === section.custom ? body.text() : undefined;
    const whole = bytes.subarray(start, reader.at);
    sections.push({ id, name, body: body.bytes.subarray(body.at), whole });
  }
  return sections;
}

/** The functions in a section of code: the bytes of each, and where it ends in the section. */
export function readBodies(body) {
  const reader = new Reader(body);
  return Array.from({ length: reader.number() }, () => ({
    bytes: reader.take(reader.number()),
    end: reader.at,
  }));
}

/** The codes of the instructions that read a local, write it, or write it and give it on. */
export const ofLocal = { get: 0x20, set: 0x21, tee: 0x22 };

/** Whether the code is one of these, behind which the number of the local stands. */
export function isOfLocal(code) {
  return ofLocal.get <= code && code <= ofLocal.tee;
}

/** Reads a body up to its instructions. Answers the types of the locals, without the parameters. */
export function readLocals(reader) {
  const groups = Array.from({ length: reader.number() }, () => {
    const count = reader.number();
    return new Array(count).fill(reader.byte());
  });
  return groups.flat();
}

/** A number as `Reader` reads it. */
export function writeNumber(number) {
  return number < 0x80 ? [number] : [(number % 0x80) + 0x80, ...writeNumber(Math.floor(number / 0x80))];
}

// What stands behind the codes of instructions, from one code to another: a letter for each piece. `n` is a number, with a sign
// or without, `l` a list of numbers, `m` where in the memory; `b` is a byte, 4, 8 and 16 of which are `f`, `d` and `v`.
const pieces = {
  plain: [
    [0x00, 0x01, ''],
    [0x02, 0x04, 'n'],
    [0x05, 0x05, ''],
    [0x0b, 0x0b, ''],
    [0x0c, 0x0d, 'n'],
    [0x0e, 0x0e, 'ln'],
    [0x0f, 0x0f, ''],
    [0x10, 0x10, 'n'],
    [0x11, 0x11, 'nn'],
    [0x1a, 0x1b, ''],
    [0x1c, 0x1c, 'l'],
    [0x20, 0x26, 'n'],
    [0x28, 0x3e, 'm'],
    [0x3f, 0x42, 'n'],
    [0x43, 0x43, 'f'],
    [0x44, 0x44, 'd'],
    [0x45, 0xc4, ''],
    [0xd0, 0xd0, 'n'],
    [0xd1, 0xd1, ''],
    [0xd2, 0xd2, 'n'],
  ],
  // Behind 0xfc: conversions that do not trap, and those of whole memories and tables.
  bulk: [
    [0x00, 0x07, ''],
    [0x08, 0x08, 'nn'],
    [0x09, 0x09, 'n'],
    [0x0a, 0x0a, 'nn'],
    [0x0b, 0x0b, 'n'],
    [0x0c, 0x0c, 'nn'],
    [0x0d, 0x0d, 'n'],
    [0x0e, 0x0e, 'nn'],
    [0x0f, 0x11, 'n'],
  ],
  // Behind 0xfd.
  vector: [
    [0x00, 0x0b, 'm'],
    [0x0c, 0x0d, 'v'],
    [0x0e, 0x14, ''],
    [0x15, 0x22, 'b'],
    [0x23, 0x53, ''],
    [0x54, 0x5b, 'mb'],
    [0x5c, 0x5d, 'm'],
    [0x5e, 0xff, ''],
  ],
};

const readPiece = {
  n: (reader) => reader.number(),
  l: (reader) => {
    for (let left = reader.number(); left > 0; left -= 1) reader.number();
  },
  m: (reader) => {
    // The alignment says, too, whether the memory is another than the first.
    if (reader.number() & 0x40) reader.number();
    reader.number();
  },
  b: (reader) => reader.take(1),
  f: (reader) => reader.take(4),
  d: (reader) => reader.take(8),
  v: (reader) => reader.take(16),
};

const prefixes = { 252: 'bulk', 253: 'vector' };

/** Reads an instruction to its end, and answers its code; of those of two bytes and more, the first. */
export function readInstruction(reader) {
  const code = reader.byte();
  const [kind, number] = code in prefixes ? [prefixes[code], reader.number()] : ['plain', code];
  const row = pieces[kind].find(([from, to]) => from <= number && number <= to);
  if (row === undefined)
    throw new CannotGoOn(`what stands behind the instruction ${code} ${number} is not known`);
  for (const letter of row[2]) readPiece[letter](reader);
  return code;
}
