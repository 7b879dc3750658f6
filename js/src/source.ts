import { decodeBase64 } from './base64.js';
import { RunError } from './error.js';

/** A `WebAssembly.Module` of any realm. Written so that its type needs no types of browsers; the original says no more. */
export type CompiledModule = object;

/** What the core is made from: bytes, or a module that is compiled already. */
export type WasmSource = CompiledModule | ArrayBuffer | ArrayBufferView;

/** `core`, or one of the modules that are started when they are first needed, by the names in `scripts/build/core.mjs`. */
export type ModuleName = string;

const sources = new Map<ModuleName, () => WasmSource>();

/** Says where an entry of the package has a module; looked up when it is first needed. The first word counts. */
export function provideSource(find: () => WasmSource, name: ModuleName = 'core'): void {
  if (!sources.has(name)) sources.set(name, find);
}

/** @throws {RunError} with `invalid_options` in an entry that does not bring the module. */
export function providedSource(name: ModuleName = 'core'): WasmSource {
  const find = sources.get(name);
  if (find) return find();
  throw new RunError(
    'invalid_options',
    name === 'core'
      ? 'this entry brings no module: call init or initSync with one first'
      : `this entry brings no module for ${name}: give that of \`fencerun/wasm/${name}\` to init or initSync as \`${name}\``,
  );
}

/** A function of the package that needs a module besides the core: each call says first where that is. */
export function withSource<Call extends (...args: never[]) => unknown>(
  call: Call,
  name: ModuleName,
  find: () => WasmSource,
): Call {
  const bring = (...args: Parameters<Call>): unknown => {
    provideSource(find, name);
    return call(...args);
  };
  return bring as Call;
}

/**
 * The bytes of a module that stands in the package's own text: `scripts/build/package/inline.mjs` wrote it.
 *
 * @param table in base64, 128 bytes each: what a character stands for alone, behind a space, and behind `!`.
 */
export function decodeInline(text: string, table: string): Uint8Array {
  const meanings = decodeBase64(table);
  // In place, as a byte has one or two characters.
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    let character = bytes[at] as number;
    if (character < 34) {
      at += 1;
      character = (character - 31) * 128 + (bytes[at] as number);
    }
    bytes[length] = meanings[character] as number;
    length += 1;
  }
  return bytes.subarray(0, length);
}
