// Takes out of a module of WebAssembly what only writes the message of a panic. Nobody reads it: the standard library shows
// it to a standard error that is not there, and then traps. So the functions that begin a panic trap at once, and what they
// alone needed is left out.

import { readFileSync, writeFileSync } from 'node:fs';
import { CannotGoOn } from '../setup/program.mjs';

// By their names in core, alloc and std, with the hash of the crate or without. What shows a value by `Debug` is for panics, too:
// no text of ours does, which a test checks.
const starts = [
  /^(core|alloc|std)(\[\w+\])?::/,
  /(::panicking::|::\w+_fail(ed|_rt)?$|::handle_(alloc_)?error$|::capacity_overflow$)/,
];
const shown = /^<.+ as core(\[\w+\])?::fmt::Debug>::fmt|^<core(\[\w+\])?::fmt::builders::/;

/**
 * Changes the module in the file `path`, which still has the names of its functions.
 *
 * @param {string} path
 * @param {string} readable The same module with names as people read them.
 * @returns {Promise<string[]>} The names of the functions that now trap.
 */
export async function trapOnPanic(path, readable) {
  // An npm package, which the set-up may just have installed.
  const { default: binaryen } = await import('binaryen');
  const [module, named] = [path, readable].map((file) => binaryen.readBinary(readFileSync(file)));
  const nameOf = (from, index) => binaryen.getFunctionInfo(from.getFunctionByIndex(index)).name;
  const trapped = [];
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const name = nameOf(named, index);
    if (!starts.every((pattern) => pattern.test(name)) && !shown.test(name)) continue;
    binaryen.Function.setBody(module.getFunctionByIndex(index), module.unreachable());
    trapped.push(nameOf(module, index));
  }
  if (trapped.length === 0)
    throw new CannotGoOn(`no function of a panic is in ${path}: does it have its names?`);
  // With the names, which those who read it next need.
  binaryen.setDebugInfo(true);
  writeFileSync(path, module.emitBinary());
  module.dispose();
  named.dispose();
  return trapped;
}
