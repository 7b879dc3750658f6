// Cuts a linked module of WebAssembly in two or more. In: a module, which of its exports make a part of their own, and what in
// it refers to what by its address. Out: the main module, which starts, and the parts, which may be loaded later. Nothing but
// small functions is in two of them: a part has the memory, the tables and the globals of the main module, calls functions of
// it and of the parts before, and puts its own functions and data where they stood in the whole. Knows nothing of Rust and its
// crates.
//
// The cutting is done in the text format, where a name says what is meant, whatever stands before it.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotGoOn } from '../setup/program.mjs';
import { numberLocals } from './locals.mjs';
import { runNodeModule } from './node-module.mjs';
import { nameInOrder } from './order.mjs';

/** What a part imports from, besides what the whole imports from. `js/src/core.ts` links them. */
const mainModule = 'main';

/** Fewer bytes of data than these are not worth a place of their own. */
const minRun = 16;

/** A function with a text no longer than this takes less in each piece that calls it than a name to be found by. */
const mostCopied = 700;

/** With gzip these many zeros take less than to begin another run of data. */
const maxZeros = 128;

/** Whose data is what nothing leads to. */
const nobody = '';

/**
 * Splits the module in the file `path`, and makes the pieces small. To the main module belongs what the exports of no part lead
 * to, by calls, by addresses of functions and by those of data; to a part what its exports lead to besides.
 *
 * @param {string} path
 * @param {Record<string, RegExp>} parts For each part the names of its exports. A part needs those before it.
 * @param {{ references: ReturnType<import('./references.mjs').readReferences>, trapped?: Set<string>, folder: string, flags: string[] }} options
 *   `trapped` are the functions that trap whatever they are called with, `folder` takes what is made on the way.
 * @returns {Promise<{ main: Buffer, parts: Record<string, Buffer> }>}
 */
export async function splitModule(path, parts, { references, trapped = new Set(), folder, flags }) {
  mkdirSync(folder, { recursive: true });
  const optimize = async (input, output, args) => {
    const file = join(folder, output);
    await runNodeModule('build-optimize', 'wasm-opt', [...flags, input, ...args, '-o', file]);
    return readFileSync(file);
  };
  // Twice, as the first time makes functions small enough for others to take in. Nothing is read in the first kilobyte, which is the
  // end of the stack: so what is added to an address can stand in the instruction that reads there. Data stays as it was cut:
  // what is right without gzip, to begin another run at every few zeros, is not so with it.
  const passes = ['-O3', '-O3', '--low-memory-unused', '--skip-pass=memory-packing'];
  const makeSmall = async (name, texts) => {
    const [input, small] = [`${name}.wat`, `${name}-small.wasm`].map((file) => join(folder, file));
    writeFileSync(input, `(module\n${texts.join('\n')}\n)\n`);
    writeFileSync(
      small,
      nameInOrder(await optimize(input, `${name}.wasm`, [...passes, '--strip-target-features'])),
    );
    // No engine needs the hints about alignment, and without them more loads and stores are alike.
    const args = ['--reorder-functions-by-name', '--dealign', '--strip-debug'];
    return numberLocals(await optimize(small, `${name}-ordered.wasm`, args));
  };

  const fields = readFields(await optimize(path, 'whole.wat', ['-S']));
  trapAtCalls(fields, trapped);
  nameShared(fields);
  const names = [mainModule, ...Object.keys(parts)];
  const whole = { fields, references, names, owners: findOwners(fields, parts, references) };

  const pieces = {};
  const needed = new Set();
  for (const name of names.toReversed()) {
    pieces[name] = await makeSmall(name, describePiece(name, needed, whole));
    for (const { module, name: shared } of WebAssembly.Module.imports(new WebAssembly.Module(pieces[name]))) {
      if (module === mainModule) needed.add(shared);
    }
  }
  // In the order in which they need each other, which is not that of making them.
  return {
    main: pieces[mainModule],
    parts: Object.fromEntries(Object.keys(parts).map((name) => [name, pieces[name]])),
  };
}

/** Which piece each export, each function (by its name) and each piece of data (by its place in the references) belongs to. */
function findOwners(fields, parts, references) {
  const leadsTo = followReferences(fields, references);
  const exports = fields.filter(({ kind }) => kind === 'export');
  const findPart = ({ name }) => Object.keys(parts).find((part) => parts[part].test(name)) ?? mainModule;
  const owners = new Map(exports.map((field) => [field, findPart(field)]));
  for (const part of [mainModule, ...Object.keys(parts)]) {
    const own = exports.filter((field) => owners.get(field) === part);
    if (own.length === 0) throw new CannotGoOn(`no export of the module is in its part ${part}`);
    for (const one of leadsTo(own)) if (!owners.has(one)) owners.set(one, part);
  }
  return owners;
}

/** What a module consists of: the kind of each definition, its name (of an export, the one outside), and its text. */
function readFields(text) {
  // A definition starts with one space, and what is in it stands on the same line or deeper.
  const [, ...texts] = text.toString().split(/\n (?=\()/);
  return texts.map((text) => {
    const [, kind, outside, id = ''] = /^\((\w+) (?:"([^"]*)"|(\$"[^"]*"|\$[^\s()]*))?/.exec(text);
    return { kind, name: outside ?? readName(id), id, text: text.replace(/\n(?:\)| ;;)[\s\S]*$/, '') };
  });
}

/** Makes each call of a function that traps a trap, without what stands there for its arguments, and marks the function. */
function trapAtCalls(fields, trapped) {
  for (const field of fields.filter(({ kind }) => kind === 'func')) {
    field.isTrapped = trapped.has(field.name);
    const pieces = [];
    let start = 0;
    for (const { index, 1: id } of field.text.matchAll(/\(call (\$"[^"]*"|\$[^\s()]*)/g)) {
      if (index < start || !trapped.has(readName(id))) continue;
      pieces.push(field.text.slice(start, index), '(unreachable)');
      start = findEnd(field.text, index);
    }
    field.text = pieces.join('') + field.text.slice(start);
  }
}

/** Where the parenthesis that opens at `start` is closed. */
function findEnd(text, start) {
  const marks = /"[^"]*"|[()]/g;
  marks.lastIndex = start;
  let depth = 0;
  do {
    const [mark] = marks.exec(text);
    depth += { '(': 1, ')': -1 }[mark] ?? 0;
  } while (depth > 0);
  return marks.lastIndex;
}

/** The name behind `$name` or `$"name"`. */
function readName(id) {
  return id.replace(/^\$"?|"$/g, '');
}

/** The names of the functions that a text refers to. */
function listFunctions(text, words) {
  return [...text.matchAll(new RegExp(`${words} (\\$"[^"]*"|\\$[^\\s()]*)`, 'g'))].map(([, id]) =>
    readName(id),
  );
}

/** Answers all that some exports lead to: functions by their names, data by its place in the list of references. */
function followReferences(fields, references) {
  const functions = new Map();
  for (const { kind, name, text, isTrapped } of fields) {
    if (kind !== 'func') continue;
    const { functions: ofTable, data } = isTrapped ? nothing : findReferences(name, references);
    const isThere = ({ address }) => new RegExp(`(?:i32\\.const |offset=)${address}\\b`).test(text);
    const ofData = data.filter(isThere).map(({ place }) => place);
    functions.set(name, [...listFunctions(text, '(?:call|return_call|ref\\.func)'), ...ofTable, ...ofData]);
  }
  const data = references.data.map(({ functions: ofTable, data: ofData }) => [
    ...ofTable,
    ...ofData.map(({ place }) => place),
  ]);
  return (exports) => {
    const found = new Set();
    const next = exports.flatMap(({ text }) => listFunctions(text, '\\(func'));
    while (next.length > 0) {
      const one = next.pop();
      const further = functions.get(one) ?? data[one];
      if (further === undefined || found.has(one)) continue;
      found.add(one);
      next.push(...further);
    }
    return found;
  };
}

const nothing = { functions: [], data: [] };

/** The references of a function. The bindings put functions of theirs around others, which refer to nothing else. */
function findReferences(name, references) {
  const known = references.functions.get(name);
  if (known) return known;
  if (name.endsWith(' shim')) return nothing;
  throw new CannotGoOn(`what the function ${name} refers to is not known`);
}

/** What one module can have of another, by how much of a definition says of what type it is. */
const types = {
  func: /^\(func (?:\$"[^"]*"|\S+)(?: \((?:type|param|result) [^()]*\))*/,
  memory: /^.*(?=\)$)/,
  table: /^.*(?=\)$)/,
  global: /^\(global \S+ (?:\(mut \w+\)|\w+)/,
};

/** Gives what can be shared a name between the modules: short, but for the memory, whose name no other build has. */
function nameShared(fields) {
  const hash = createHash('sha256');
  for (const { text } of fields) hash.update(text);
  const build = hash.digest('hex').slice(0, 16);
  for (const [place, field] of fields.filter(({ kind }) => kind in types).entries()) {
    field.shared = field.kind === 'memory' ? `memory of ${build}` : `#${place.toString(36)}`;
  }
}

/** The texts of a piece: what it has of those before it, what it has alone, and what those behind it need of that. */
function describePiece(piece, needed, { fields, references, names, owners }) {
  const ownerOf = (field) => {
    if (field.kind === 'export') return owners.get(field);
    // What nothing leads to is left out.
    return field.kind === 'func' ? owners.get(field.name) : mainModule;
  };
  const place = names.indexOf(piece);
  const describe = (field) => {
    if (field.kind === 'elem') return cutElements(field, (name) => owners.get(name) === piece);
    if (field.kind === 'data') return cutData(field, piece, { references, names, owners });
    return ownerOf(field) === piece || (isBefore(field) && isSmall(field)) ? [field.text] : [];
  };
  const isOfAll = ({ kind }) => kind === 'type' || kind === 'import';
  const before = names.slice(0, place);
  const isBefore = (field) => field.kind in types && before.includes(ownerOf(field));
  const isNeeded = (field) => needed.has(field.shared) && ownerOf(field) === piece;
  return [
    ...fields.filter(isOfAll).map(({ text }) => text),
    ...fields.filter((field) => isBefore(field) && !isSmall(field)).map(describeImport),
    ...fields.filter((field) => !isOfAll(field)).flatMap(describe),
    ...fields.filter(isNeeded).map(describeExport),
  ];
}

/** The functions of a table that `isOwn` names, each where it stands. */
function cutElements({ text }, isOwn) {
  const [, table, start, list] =
    /^\(elem \S+(?: (\(table \S+\)))? \(i32\.const (\d+)\)(?: func)?([^()]*(?:"[^"]*"[^()]*)*)\)$/.exec(
      text,
    ) ?? [];
  if (list === undefined) throw new CannotGoOn(`a table is filled in an unknown way: ${text.slice(0, 80)}`);
  const ids = list.match(/\$"[^"]*"|\$\S+/g) ?? [];
  return findRuns(ids.map((id) => isOwn(readName(id)))).map(([from, to]) => {
    const place = `${table ?? ''} (i32.const ${Number(start) + from})`;
    return `(elem ${place} func ${ids.slice(from, to).join(' ')})`;
  });
}

/** The data of a piece, each run where it stands. What several have, and what nobody knows, is the main module's. */
function cutData({ text }, piece, { references, names, owners }) {
  const [, start, content] = /^\(data \S+ \(i32\.const (\d+)\) "([\s\S]*)"\)$/.exec(text) ?? [];
  if (content === undefined) throw new CannotGoOn(`there is data of an unknown kind: ${text.slice(0, 80)}`);
  const bytes = readString(content);
  const holders = new Array(bytes.length).fill(undefined);
  for (const [place, { address, size }] of references.data.entries()) {
    const owner = owners.get(place) ?? nobody;
    for (let at = Math.max(address - start, 0); at < Math.min(address - start + size, bytes.length); at++) {
      const isFree = holders[at] === undefined || holders[at] === nobody || holders[at] === owner;
      if (isFree) holders[at] = owner;
      else if (owner !== nobody) holders[at] = mainModule;
    }
  }
  const findOwn = (name) => findRuns(holders.map((owner) => owner === name));
  for (const name of names.slice(1)) {
    for (const [from, to] of findOwn(name)) if (to - from < minRun) holders.fill(undefined, from, to);
  }
  const describe = (content, runs) =>
    runs.map(([from, to]) => {
      return `(data (i32.const ${Number(start) + from}) "${writeString(content.subarray(from, to))}")`;
    });
  if (piece !== mainModule) return describe(bytes, findOwn(piece));
  // Where the main module puts its data, all is zero, and nothing has been put yet.
  const own = bytes.map((byte, at) => (holders[at] === nobody || names.includes(holders[at], 1) ? 0 : byte));
  return describe(own, joinRuns(findRuns([...own].map(Boolean)), maxZeros));
}

/** The places from and up to which a list is true. */
function findRuns(list) {
  const runs = [];
  for (const [at, is] of list.entries()) {
    if (!is) continue;
    const last = runs.at(-1);
    if (last?.[1] === at) last[1] = at + 1;
    else runs.push([at, at + 1]);
  }
  return runs;
}

/** The runs, those as one that stand no farther apart than `gap`. */
function joinRuns(runs, gap) {
  const joined = [];
  for (const [from, to] of runs) {
    const last = joined.at(-1);
    if (last !== undefined && from - last[1] <= gap) last[1] = to;
    else joined.push([from, to]);
  }
  return joined;
}

const escapes = { t: 9, n: 10, r: 13, '"': 34, "'": 39, '\\': 92 };

function readString(text) {
  const bytes = [];
  for (const [one, escaped] of text.matchAll(/\\([0-9a-f]{2}|.)|[\s\S]/g)) {
    if (escaped === undefined) bytes.push(one.charCodeAt(0));
    else bytes.push(escapes[escaped] ?? Number.parseInt(escaped, 16));
  }
  return Uint8Array.from(bytes);
}

function writeString(bytes) {
  return Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Whether a function is in every piece that calls it. */
function isSmall({ kind, text }) {
  return kind === 'func' && text.length <= mostCopied;
}

function describeImport({ kind, shared, text }) {
  return `(import "${mainModule}" "${shared}" ${types[kind].exec(text)[0]}))`;
}

function describeExport({ kind, id, shared }) {
  return `(export "${shared}" (${kind} ${id}))`;
}
