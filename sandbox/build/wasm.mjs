// Rewrites core WebAssembly modules. In: the bytes of a module. Out: new bytes and the facts read on the way.
// Knows the binary format, and nothing of Python or of components.

const SECTION = {
  custom: 0,
  import: 2,
  table: 4,
  code: 10,
  memory: 5,
  global: 6,
  export: 7,
  element: 9,
  data: 11,
};
const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 };
const OPCODE = {
  end: 0x0b,
  globalGet: 0x23,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Add: 0x6a,
  refNull: 0xd0,
  refFunc: 0xd2,
};
const EXPORT_NAME_BYTES = new TextEncoder();

/** A position in the bytes of a module. */
class Reader {
  constructor(bytes, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }
  get atEnd() {
    return this.position >= this.bytes.length;
  }
  byte() {
    return this.bytes[this.position++];
  }
  /** An unsigned or signed LEB128 number of at most 64 bits; only values up to 53 bits are looked at. */
  number({ signed = false } = {}) {
    let value = 0n;
    let shift = 0n;
    let byte;
    do {
      byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    } while (byte & 0x80);
    if (signed && byte & 0x40) value -= 1n << shift;
    return Number(value);
  }
  take(length) {
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }
  text() {
    return new TextDecoder().decode(this.take(this.number()));
  }
  limits() {
    const flags = this.byte();
    const minimum = this.number();
    return { flags, minimum, maximum: flags & 1 ? this.number() : undefined };
  }
}

/** LEB128 of a number; `width` pads it so that it can be overwritten in place later. */
export function encodeNumber(value, { signed = false, width = 0 } = {}) {
  const bytes = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest = signed ? rest >> 7 : rest >>> 7;
    const done = signed ? (rest === 0 && !(byte & 0x40)) || (rest === -1 && (byte & 0x40) !== 0) : rest === 0;
    if (done && bytes.length + 1 >= width) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

function readSections(bytes) {
  const reader = new Reader(bytes, 8);
  const sections = [];
  while (!reader.atEnd) {
    const id = reader.byte();
    sections.push({ id, body: reader.take(reader.number()) });
  }
  return sections;
}

function writeModule(sections) {
  const parts = [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)];
  for (const { id, body } of sections) {
    parts.push(Uint8Array.from([id, ...encodeNumber(body.length)]), body);
  }
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    out.set(part, position);
    position += part.length;
  }
  return out;
}

/** The imported globals in their order, and how many functions are imported. */
function readImports(sections) {
  const section = sections.find(({ id }) => id === SECTION.import);
  const globals = [];
  let functions = 0;
  if (!section) return { globals, functions };
  const reader = new Reader(section.body);
  for (let count = reader.number(); count > 0; count--) {
    const module = reader.text();
    const name = reader.text();
    const kind = reader.byte();
    if (kind === KIND.function) {
      functions++;
      reader.number();
    } else if (kind === KIND.table) {
      reader.byte();
      reader.limits();
    } else if (kind === KIND.memory) reader.limits();
    else if (kind === KIND.global) {
      reader.byte();
      globals.push({ module, name, mutable: reader.byte() === 1 });
    } else throw new Error(`import ${module}.${name} has the unknown kind ${kind}`);
  }
  return { globals, functions };
}

/** The index of a function by its debug name, or -1. */
function findFunction(sections, wanted) {
  for (const { id, body } of sections) {
    if (id !== SECTION.custom) continue;
    const reader = new Reader(body);
    if (reader.text() !== 'name') continue;
    while (!reader.atEnd) {
      const isFunctionNames = reader.byte() === 1;
      const names = new Reader(reader.take(reader.number()));
      for (let count = isFunctionNames ? names.number() : 0; count > 0; count--) {
        const index = names.number();
        if (names.text() === wanted) return index;
      }
    }
  }
  return -1;
}

/**
 * Replaces an i32.const by another of the same length inside one named function. A module without the function stays as
 * it is; a function with another number of such constants is not the one this was written for, and an error.
 *
 * @param {Uint8Array} bytes
 * @param {{ functionName: string, from: number, to: number, times: number }} change
 */
export function replaceConstant(bytes, { functionName, from, to, times }) {
  const sections = readSections(bytes);
  const index = findFunction(sections, functionName);
  if (index < 0) return bytes;
  const out = bytes.slice();
  const code = sections.find(({ id }) => id === SECTION.code).body;
  const reader = new Reader(out.subarray(code.byteOffset - bytes.byteOffset).subarray(0, code.length));
  reader.number();
  for (let skipped = index - readImports(sections).functions; skipped > 0; skipped--)
    reader.take(reader.number());
  const body = reader.take(reader.number());
  let found = 0;
  for (let position = 0; position + 1 < body.length; position++) {
    if (body[position] !== OPCODE.i32Const || body[position + 1] !== from) continue;
    body[position + 1] = to;
    found++;
  }
  if (found !== times) throw new Error(`${functionName} has ${found} constants ${from}, not ${times}`);
  return out;
}

/**
 * Copies a constant expression. Where it reads an imported constant it is computed and written as one i32.const, so
 * that engines without extended constant expressions (V8 before 11.4) load the module.
 */
function foldExpression(reader, readGlobal) {
  const start = reader.position;
  const stack = [];
  let folded = false;
  for (;;) {
    const opcode = reader.byte();
    if (opcode === OPCODE.end) break;
    if (opcode === OPCODE.i32Const) stack.push(reader.number({ signed: true }));
    else if (opcode === OPCODE.globalGet) {
      stack.push(readGlobal(reader.number()));
      folded = true;
    } else if (opcode === OPCODE.i32Add) stack.push((stack.pop() + stack.pop()) | 0);
    else if (opcode === OPCODE.i64Const || opcode === OPCODE.refFunc) reader.number({ signed: true });
    else if (opcode === OPCODE.refNull) reader.byte();
    else throw new Error(`constant expression has the unknown opcode 0x${opcode.toString(16)}`);
  }
  if (!folded) return reader.bytes.subarray(start, reader.position);
  return Uint8Array.from([OPCODE.i32Const, ...encodeNumber(stack.pop() | 0, { signed: true }), OPCODE.end]);
}

function foldGlobals(body, readGlobal) {
  const reader = new Reader(body);
  const count = reader.number();
  const parts = [Uint8Array.from(encodeNumber(count))];
  const mutable = [];
  for (let index = 0; index < count; index++) {
    const type = reader.take(2);
    if (type[1] === 1) mutable.push(index);
    parts.push(type, foldExpression(reader, readGlobal));
  }
  return { body: concatenate(parts), mutable };
}

function foldElements(body, readGlobal) {
  const reader = new Reader(body);
  const count = reader.number();
  const parts = [Uint8Array.from(encodeNumber(count))];
  for (let index = 0; index < count; index++) {
    const flags = reader.number();
    if (flags & 1 || flags > 2)
      throw new Error(`element segment ${index} has flags ${flags}: only active ones are restorable`);
    parts.push(Uint8Array.from(encodeNumber(flags)));
    if (flags === 2) parts.push(Uint8Array.from(encodeNumber(reader.number())));
    parts.push(foldExpression(reader, readGlobal));
    const start = reader.position;
    if (flags === 2) reader.byte();
    for (let entries = reader.number(); entries > 0; entries--) reader.number();
    parts.push(reader.bytes.subarray(start, reader.position));
  }
  return concatenate(parts);
}

function foldData(body, readGlobal) {
  const reader = new Reader(body);
  const count = reader.number();
  const parts = [Uint8Array.from(encodeNumber(count))];
  for (let index = 0; index < count; index++) {
    const flags = reader.number();
    if (flags !== 0)
      throw new Error(`data segment ${index} has flags ${flags}: only active ones are restorable`);
    parts.push(Uint8Array.of(0), foldExpression(reader, readGlobal));
    const start = reader.position;
    reader.take(reader.number());
    parts.push(reader.bytes.subarray(start, reader.position));
  }
  return concatenate(parts);
}

function concatenate(parts) {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    out.set(part, position);
    position += part.length;
  }
  return out;
}

function addExports(body, additions) {
  const reader = new Reader(body);
  const count = reader.number();
  const parts = [
    Uint8Array.from(encodeNumber(count + additions.length)),
    reader.bytes.subarray(reader.position),
  ];
  for (const { name, kind, index } of additions) {
    const text = EXPORT_NAME_BYTES.encode(name);
    parts.push(Uint8Array.from([...encodeNumber(text.length), ...text, kind, ...encodeNumber(index)]));
  }
  return concatenate(parts);
}

/**
 * Makes a module restorable and loadable everywhere: constants are folded, each mutable global of its own is exported
 * as `restore:N`, and a memory gets a maximum that can be overwritten.
 *
 * @param {Uint8Array} bytes the module
 * @param {(module: string, name: string) => number} readConstant the value of an imported constant
 * @returns {{ bytes: Uint8Array, mutableGlobals: number, memory?: { minimum: number, maximumOffset: number } }}
 */
export function rewriteModule(bytes, readConstant) {
  let sections = readSections(bytes).filter(({ id }) => id !== SECTION.custom);
  const { globals: imported } = readImports(sections);
  const readGlobal = (index) => {
    const global = imported[index];
    if (!global || global.mutable)
      throw new Error(`constant expression reads global ${index}, which is no imported constant`);
    return readConstant(global.module, global.name);
  };
  let mutable = [];
  let minimum;
  sections = sections.map(({ id, body }) => {
    if (id === SECTION.global) {
      const globals = foldGlobals(body, readGlobal);
      mutable = globals.mutable;
      return { id, body: globals.body };
    }
    if (id === SECTION.element) return { id, body: foldElements(body, readGlobal) };
    if (id === SECTION.data) return { id, body: foldData(body, readGlobal) };
    if (id === SECTION.memory) {
      const reader = new Reader(body);
      if (reader.number() !== 1) throw new Error('module has more than one memory');
      ({ minimum } = reader.limits());
      const maximum = encodeNumber(65_536, { width: 5 });
      return { id, body: Uint8Array.from([1, 1, ...encodeNumber(minimum), ...maximum]) };
    }
    return { id, body };
  });
  const additions = mutable.map((index, position) => ({
    name: `restore:${position}`,
    kind: KIND.global,
    index: imported.length + index,
  }));
  sections = sections.map((section) =>
    section.id === SECTION.export && additions.length
      ? { id: section.id, body: addExports(section.body, additions) }
      : section,
  );
  const out = writeModule(sections);
  if (minimum === undefined) return { bytes: out, mutableGlobals: mutable.length };
  return {
    bytes: out,
    mutableGlobals: mutable.length,
    memory: { minimum, maximumOffset: findMaximumOffset(out) },
  };
}

/**
 * Gives a module one more slot in its only table and exports the table as `table`, so that the host can put a function
 * there whose address the module takes.
 *
 * @param {Uint8Array} bytes
 */
export function addTableSlot(bytes) {
  const sections = readSections(bytes).map(({ id, body }) => {
    if (id === SECTION.export)
      return { id, body: addExports(body, [{ name: 'table', kind: KIND.table, index: 0 }]) };
    if (id !== SECTION.table) return { id, body };
    const reader = new Reader(body);
    if (reader.number() !== 1) throw new Error('module has more than one table');
    const type = reader.byte();
    const { minimum } = reader.limits();
    return { id, body: Uint8Array.from([1, type, 0, ...encodeNumber(minimum + 1)]) };
  });
  return writeModule(sections);
}

/** Where the five bytes of the memory's maximum are. */
function findMaximumOffset(bytes) {
  const reader = new Reader(bytes, 8);
  for (;;) {
    const id = reader.byte();
    const length = reader.number();
    if (id === SECTION.memory) return reader.position + length - 5;
    reader.take(length);
  }
}
