import { RunError } from './error.js';

/** A `WebAssembly.Module` of any realm. Written so that its type needs no types of browsers; the original says no more. */
export type CompiledModule = object;

/** What the core is made from: bytes, or a module that is compiled already. */
export type WasmSource = CompiledModule | ArrayBuffer | ArrayBufferView;

let findSource: (() => WasmSource) | undefined;

/** Says where an entry of the package has the module; looked up when it is first needed. The first word counts. */
export function provideSource(find: () => WasmSource): void {
  findSource ??= find;
}

/** @throws {RunError} with `invalid_options` in an entry that brings no module. */
export function providedSource(): WasmSource {
  if (findSource) return findSource();
  throw new RunError('invalid_options', 'this entry brings no module: call init or initSync with one first');
}
