// Cuts a linked module of WebAssembly in two or more. In: a module, and which of its exports make a part of their own. Out:
// the main module, which starts, and the parts, which may be loaded later. No code is in two of them: a part has the memory,
// the tables and the globals of the main module, and calls its functions. Knows nothing of Rust and its crates.
//
// The cutting is done in the text format, where a name says what is meant, whatever stands before it.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotGoOn } from '../setup/program.mjs';
import { runNodeModule } from './node-module.mjs';

/** What a part imports from, besides what the whole imports from. `js/src/core.ts` links them. */
const mainModule = 'main';

/**
 * Splits the module in the file `path`, and makes the pieces small. A part gets the functions that its exports lead to and
 * nothing else does; what a table holds can be called from anywhere, so it stays.
 *
 * @param {string} path
 * @param {Record<string, RegExp>} parts For each part the names of its exports.
 * @param {{ folder: string, flags: string[] }} options `folder` takes what is made on the way.
 * @returns {Promise<{ main: Buffer, parts: Record<string, Buffer> }>}
 */
export async function splitModule(path, parts, { folder, flags }) {
  mkdirSync(folder, { recursive: true });
  const optimize = async (input, output, args) => {
    const file = join(folder, output);
    await runNodeModule('build-optimize', 'wasm-opt', [...flags, input, ...args, '-o', file]);
    return readFileSync(file);
  };
  const optimizeFields = (name, fields, output, args) => {
    const input = join(folder, `${name}.wat`);
    writeFileSync(input, `(module\n${fields.map(({ text }) => text).join('\n')}\n)\n`);
    return optimize(input, output, args);
  };

  const whole = readFields(await optimize(path, 'whole.wat', ['-O3', '-S']));
  nameShared(whole);
  const pieces = {};
  const needed = new Set();
  for (const [part, exports] of Object.entries(parts)) {
    const isOwn = ({ kind, name }) => kind === 'export' && exports.test(name);
    const others = whole.filter((field) => !isOwn(field));
    if (others.length === whole.length)
      throw new CannotGoOn(`no export of the module is in its part ${part}`);
    const args = ['--remove-unused-module-elements', '-S'];
    const used = readFields(
      await optimizeFields(`without-${part}`, others, `without-${part}-used.wat`, args),
    );
    const staying = new Set(used.filter(({ kind }) => kind === 'func').map(({ name }) => name));
    const isMoving = (field) => isOwn(field) || (field.kind === 'func' && !staying.has(field.name));
    pieces[part] = await optimizeFields(part, describePart(whole, isMoving), `${part}.wasm`, ['-O3']);
    for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(pieces[part]))) {
      if (module === mainModule) needed.add(name);
    }
  }
  const isOfMain = ({ kind, name }) =>
    kind !== 'export' || !Object.values(parts).some((exports) => exports.test(name));
  const shared = whole.filter(({ shared }) => needed.has(shared)).map(describeExport);
  const main = [...whole.filter(isOfMain), ...shared];
  return { main: await optimizeFields(mainModule, main, `${mainModule}.wasm`, ['-O3']), parts: pieces };
}

/** What a module consists of: the kind of each definition, its name (of an export, the one outside), and its text. */
function readFields(text) {
  // A definition starts with one space, and what is in it stands on the same line or deeper.
  const [, ...texts] = text.toString().split(/\n (?=\()/);
  return texts.map((text) => {
    const [, kind, name] = /^\((\w+) "?([^\s()"]*)/.exec(text);
    return { kind, name, text: text.replace(/\n(?:\)| ;;)[\s\S]*$/, '') };
  });
}

/** What one module can have of another, by how much of a definition says of what type it is. */
const types = {
  func: /^\(func \S+(?: \((?:type|param|result) [^()]*\))*/,
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

/** What moves, with what stays as imports. */
function describePart(whole, isMoving) {
  const stays = whole.filter((field) => !isMoving(field));
  const imports = stays.filter(({ kind }) => kind in types).map(describeImport);
  return [
    ...stays.filter(({ kind }) => kind === 'type' || kind === 'import'),
    ...imports,
    ...whole.filter(isMoving),
  ];
}

function describeImport({ kind, shared, text }) {
  return { text: `(import "${mainModule}" "${shared}" ${types[kind].exec(text)[0]}))` };
}

function describeExport({ kind, name, shared }) {
  return { text: `(export "${shared}" (${kind} ${name}))` };
}
