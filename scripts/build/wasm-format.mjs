// The binary format of WebAssembly, as far as several steps of the build read it: a module in, its sections and the bodies of its
// functions out. A body is a `Buffer` upon the bytes of the module.

export const section = { custom: 0, code: 10, data: 11 };

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
