// wasi:cli: the three standard streams, an empty environment, no terminal, and the end of the process;
// and beside it what the world of the guest adds: the end without ceremony, the next cell, and what a cell shows.

import { InputStream, OutputStream } from './io.js';
import { GuestExit, type HostContext, type HostFunctions, takeStdin } from './run-state.js';

export function cli(context: HostContext): HostFunctions {
  const writeEmptyList = (target: number) => {
    context.memory.writeU32(target, 0);
    context.memory.writeU32(target + 4, 0);
  };
  const writeNone = (target: number) => context.memory.writeU8(target, 0);
  const addOutput = (name: 'stdout' | 'stderr') => () => {
    const { run } = context;
    return run.handles.add(new OutputStream((bytes) => run.writeOutput(name, bytes)));
  };
  const dropNothing = () => {};
  return {
    'wasi:cli/environment#get-environment': writeEmptyList,
    'wasi:cli/environment#get-arguments': writeEmptyList,
    'wasi:cli/exit#exit': (failed: number) => {
      throw new GuestExit(failed ? 1 : 0);
    },
    'wasi:cli/stdin#get-stdin': () => {
      const { run } = context;
      return run.handles.add(new InputStream((length) => takeStdin(run, length)));
    },
    'wasi:cli/stdout#get-stdout': addOutput('stdout'),
    'wasi:cli/stderr#get-stderr': addOutput('stderr'),
    'wasi:cli/terminal-stdin#get-terminal-stdin': writeNone,
    'wasi:cli/terminal-stdout#get-terminal-stdout': writeNone,
    'wasi:cli/terminal-stderr#get-terminal-stderr': writeNone,
    'wasi:cli/terminal-input#[resource-drop]terminal-input': dropNothing,
    'wasi:cli/terminal-output#[resource-drop]terminal-output': dropNothing,
    '$root#exit-now': (returnCode: number) => {
      throw new GuestExit(returnCode);
    },
    '$root#read-cell': (target: number) => context.memory.writeList(target, context.run.cell),
    '$root#show': (pointer: number, length: number) =>
      context.run.show(context.memory.readText(pointer, length)),
  };
}
