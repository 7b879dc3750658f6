// An interpreter that runs cells. In: cells, one after the other. Out: what each wrote and showed, and how it ended.
// All cells see the same globals and files. Ends when a cell ends the process or crashes.

import type { FileSystem } from '../filesystem.js';
import type { CellOutcome, CellSetup } from '../job.js';
import type { Output } from '../output.js';
import { buildFileSystem } from '../program-files.js';
import type { Ending, Machine } from './machine.js';
import { HandleTable, type RunState } from './wasi/run-state.js';

const NOTHING = new Uint8Array(0);

/** Where a cell's output goes. */
export interface CellSink {
  output: Output;
  /** Takes a display or an error as JSON. */
  show(message: string): void;
}

export class Interpreter {
  readonly #machine: Machine;
  readonly #setup: CellSetup;
  readonly #drop: () => void;
  readonly #state: RunState & { cell: Uint8Array };
  #sink: CellSink | undefined;
  #dead = false;

  /** @param drop called when the machine cannot be used again */
  constructor(machine: Machine, setup: CellSetup, drop: () => void) {
    this.#machine = machine;
    this.#setup = setup;
    this.#drop = drop;
    const writeOutput: RunState['writeOutput'] = (stream, bytes) => this.#sink?.output.write(stream, bytes);
    this.#state = {
      handles: new HandleTable(),
      stdin: NOTHING,
      stdinPosition: 0,
      writeOutput,
      flushOutput: () => this.#sink?.output.flush(),
      fileSystem: buildFileSystem({ ...setup, code: '' }, undefined, {
        readStdin: () => NOTHING,
        writeOutput,
      }),
      cell: NOTHING,
      show: (message) => this.#sink?.show(message),
    };
  }

  get fileSystem(): FileSystem {
    return this.#state.fileSystem;
  }

  run(code: string, sink: CellSink): Omit<CellOutcome, 'truncated'> {
    if (this.#dead) throw new Error('the interpreter has ended');
    this.#state.cell = new TextEncoder().encode(code);
    this.#sink = sink;
    const startMs = performance.now();
    const ending = this.#machine.runCell(this.#state, this.#setup.firstNumber);
    const seconds = (performance.now() - startMs) / 1000;
    this.#dead = ending.kind !== 'returned';
    if (this.#dead) this.#drop();
    sink.output.flush();
    return { seconds, death: describeDeath(ending) };
  }
}

function describeDeath(ending: Ending): string | undefined {
  if (ending.kind === 'returned') return undefined;
  return ending.kind === 'crashed' ? ending.message : `the process ended with code ${ending.returnCode}`;
}
