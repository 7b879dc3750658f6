// Runs Python programs in a worker. In: guests and jobs. Out: outcomes.
// Keeps one instance of each guest. After a program that returned, the instance is put back to its first state; after
// one that did anything else (os._exit, a crash, a grown memory) it is dropped and made anew.

import type { CellSetup, Guest, Job, Outcome } from '../job.js';
import type { Output } from '../output.js';
import { buildFileSystem, fetchFiles } from '../program-files.js';
import { Interpreter } from './interpreter.js';
import { Machine } from './machine.js';
import type { PristineState } from './pristine.js';
import { HandleTable, type RunState, takeStdin } from './wasi/run-state.js';

const MAIN_NAME = 'main.py';
const NOTHING = new Uint8Array(0);

interface Slot {
  guest: Guest;
  machine: Machine | undefined;
  pristine: PristineState | undefined;
  /** A program has run in the machine since it was made or put back. */
  used: boolean;
}

export class PythonEngine {
  readonly #slots = new Map<string, Slot>();

  /** Takes a guest in; one at a time for each snapshot, as an instance holds a lot of memory. */
  addGuest(guest: Guest): void {
    const snapshot = guest.key.split('@')[0];
    for (const key of this.#slots.keys()) {
      if (key !== guest.key && key.split('@')[0] === snapshot) this.#slots.delete(key);
    }
    if (!this.#slots.has(guest.key))
      this.#slots.set(guest.key, { guest, machine: undefined, pristine: undefined, used: false });
  }

  /** Makes every guest ready for the next program. */
  prepare(): void {
    for (const slot of this.#slots.values()) this.#prepareSlot(slot);
  }

  #prepareSlot(slot: Slot): Machine {
    if (slot.machine && slot.pristine && slot.used && !slot.machine.restore(slot.pristine))
      slot.machine = undefined;
    slot.machine ??= new Machine(slot.guest);
    slot.pristine ??= slot.machine.copyState();
    slot.used = false;
    return slot.machine;
  }

  /** A machine at its first state, for cells that share it until the next `prepare`. */
  open(setup: CellSetup): Interpreter {
    const slot = this.#getSlot(setup.guestKey);
    const machine = this.#prepareSlot(slot);
    slot.used = true;
    return new Interpreter(machine, setup, () => {
      slot.machine = undefined;
    });
  }

  #getSlot(key: string | undefined): Slot {
    const slot = this.#slots.get(key ?? '');
    if (!slot) throw new Error(`guest ${key} was never sent`);
    return slot;
  }

  run(job: Job, output: Output, onStart: () => void): Omit<Outcome, 'truncated'> {
    const slot = this.#getSlot(job.guestKey);
    const machine = this.#prepareSlot(slot);
    const state: RunState = {
      handles: new HandleTable(),
      stdin: job.stdin,
      stdinPosition: 0,
      writeOutput: (stream, bytes) => output.write(stream, bytes),
      flushOutput: () => output.flush(),
      cell: NOTHING,
      show: () => {},
      fileSystem: buildFileSystem(job, MAIN_NAME, {
        readStdin: (length) => takeStdin(state, length),
        writeOutput: (stream, bytes) => output.write(stream, bytes),
      }),
    };
    onStart();
    const startMs = performance.now();
    slot.used = true;
    const ending = machine.run(state);
    const seconds = (performance.now() - startMs) / 1000;
    if (ending.kind !== 'returned') slot.machine = undefined;
    if (ending.kind === 'crashed') output.write('stderr', new TextEncoder().encode(`${ending.message}\n`));
    return { returnCode: ending.returnCode, seconds, files: fetchFiles(state.fileSystem, job.fetchFiles) };
  }
}
