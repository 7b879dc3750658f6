// What of a linked module refers to what by its address: functions in the table, and data in the memory. In: a module as the
// linker leaves it with `--emit-relocs`. Out: for each function, and each piece of data, the functions and the pieces of data
// whose addresses stand in it. The formats are those of the tool conventions of WebAssembly: `Linking.md`.

import { Reader, readBodies, readSections, section } from './wasm-format.mjs';

const symbol = { function: 0, data: 1, global: 2, section: 3, tag: 4, table: 5 };
const flags = { undefined: 0x10, explicitName: 0x40 };
const symbolTable = 8;
const functionNames = 1;
/** The kinds of relocations whose index is that of a function in the table, of data, and those that have an addend. */
const ofTable = new Set([1, 2, 12, 18, 19, 24]);
const ofData = new Set([3, 4, 5, 11, 14, 15, 16, 17, 21, 23, 25]);
const withAddend = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25]);

/**
 * @param {Buffer} bytes
 * @returns {{
 *   functions: Map<string, { functions: string[], data: { place: number, address: number }[] }>,
 *   data: { address: number, size: number, functions: string[], data: { place: number, address: number }[] }[],
 * }} functions by their names, and data by its place in the list, with the address as it stands where it is referred to
 */
export function readReferences(bytes) {
  const sections = readSections(bytes);
  const custom = (name) => sections.find((one) => one.id === section.custom && one.name === name)?.body;
  const code = sections.findIndex(({ id }) => id === section.code);
  const content = sections.findIndex(({ id }) => id === section.data);
  const names = readFunctionNames(custom('name'));
  const segments = readSegments(sections[content].body);
  const symbols = readSymbols(custom('linking'), segments);

  const bodies = readBodies(sections[code].body);
  // Imported functions come first, and have names too.
  const imported = names.size - bodies.length;
  const functions = new Map();
  for (const [place, name] of names) {
    functions.set(nameBound(name), { end: bodies[place - imported]?.end, functions: [], data: [] });
  }
  if (functions.size !== names.size) throw new Error('two functions of the module have one name');
  const owners = [...functions.values()].filter(({ end }) => end !== undefined);

  const data = symbols
    .filter(({ kind }) => kind === symbol.data)
    .map((one) => ({ ...one, functions: [], data: [] }));
  const places = new Map(data.map(({ index }, place) => [index, place]));
  const add = (owner, { type, index, addend }) => {
    if (ofTable.has(type)) owner.functions.push(nameBound(names.get(symbols[index].function)));
    // What is not there, as a weak symbol, refers to nothing.
    else if (ofData.has(type) && places.has(index))
      owner.data.push({ place: places.get(index), address: symbols[index].address + addend });
  };
  for (const one of readRelocations(custom('reloc.CODE'), code)) {
    add(owners[findFirst(owners, ({ end }) => end > one.offset)], one);
  }
  const sorted = [...data].sort((left, right) => left.address + left.size - right.address - right.size);
  for (const one of readRelocations(custom('reloc.DATA'), content)) {
    const segment = segments[findFirst(segments, ({ end }) => end > one.offset)];
    const address = segment.address + one.offset - segment.start;
    const isAround = (piece) => piece.address <= address && address < piece.address + piece.size;
    const around = sorted.filter(isAround);
    if (around.length === 0) throw new Error(`the data at ${address} belongs to nothing`);
    for (const piece of around) add(piece, one);
  }
  return { functions, data };
}

/** The name that a function has once wasm-bindgen has taken its hash from it. */
function nameBound(name) {
  return name.startsWith('__wbindgen_describe_') ? name : name.replace(/_[0-9a-f]{16}$/, '');
}

/** The module without what {@link readReferences} reads, which is wrong as soon as anything in the module changes. */
export function removeReferences(bytes) {
  const kept = readSections(bytes).filter(({ name }) => !/^(?:linking|reloc\..*)$/.test(name ?? ''));
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ whole }) => whole)]);
}

function readFunctionNames(body) {
  const reader = new Reader(body);
  const names = new Map();
  while (!reader.isAtEnd) {
    const kind = reader.byte();
    const part = new Reader(reader.take(reader.number()));
    if (kind !== functionNames) continue;
    for (let count = part.number(); count > 0; count--) names.set(part.number(), part.text());
  }
  return names;
}

/** Where each segment stands in the section of data, and its address in the memory. */
function readSegments(body) {
  const reader = new Reader(body);
  return Array.from({ length: reader.number() }, () => {
    // Active, in the first memory, at a constant.
    if (reader.byte() !== 0 || reader.byte() !== 0x41)
      throw new Error('a segment of data has no constant address');
    const address = reader.number();
    reader.byte();
    const length = reader.number();
    reader.take(length);
    return { address, start: reader.at - length, end: reader.at };
  });
}

function readSymbols(body, segments) {
  const linking = new Reader(body);
  linking.number();
  for (;;) {
    const kind = linking.byte();
    const reader = new Reader(linking.take(linking.number()));
    if (kind !== symbolTable) continue;
    return Array.from({ length: reader.number() }, (_, index) => readSymbol(reader, index, segments));
  }
}

function readSymbol(reader, index, segments) {
  const kind = reader.byte();
  const has = reader.number();
  if (kind === symbol.section) return { index, section: reader.number() };
  if (kind !== symbol.data) {
    const place = reader.number();
    if (!(has & flags.undefined) || has & flags.explicitName) reader.text();
    return { index, kind, function: kind === symbol.function ? place : undefined };
  }
  reader.text();
  if (has & flags.undefined) return { index };
  const { address } = segments[reader.number()] ?? {};
  const offset = reader.number();
  const size = reader.number();
  return address === undefined ? { index } : { index, kind, address: address + offset, size };
}

/** The relocations of the section at `place`. */
function readRelocations(body, place) {
  const reader = new Reader(body);
  if (reader.number() !== place) throw new Error('the relocations are those of another section');
  return Array.from({ length: reader.number() }, () => {
    const type = reader.byte();
    const [offset, index] = [reader.number(), reader.number()];
    const addend = withAddend.has(type) ? reader.signedNumber() : 0;
    return { type, offset, index, addend };
  });
}

/** The place of the first for which `test` holds; it holds for all behind. */
function findFirst(list, test) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
