// One instance of CPython. In: a guest and the state of a run. Out: how the program ended.
// An instance runs one program at a time and is put back to its first state in between.

import type { Guest } from '../job.js';
import { type HostFunction, type LinkedGuest, linkGuest } from './linker.js';
import { GuestMemory } from './memory.js';
import { PristineState } from './pristine.js';
import { cli } from './wasi/cli.js';
import { clocks } from './wasi/clocks.js';
import { filesystem } from './wasi/filesystem.js';
import { io } from './wasi/io.js';
import { random } from './wasi/random.js';
import { GuestExit, type HostContext, type RunState } from './wasi/run-state.js';
import { sockets } from './wasi/sockets.js';

/** SIGABRT and SIGSEGV, as the shell's parent sees them. */
const ABORTED = -6;
const CRASHED = -11;

export type Ending =
  | { kind: 'returned'; returnCode: number }
  | { kind: 'exited'; returnCode: number }
  | { kind: 'crashed'; returnCode: number; message: string };

function describeCrash(error: unknown): Ending {
  if (error instanceof RangeError) {
    return { kind: 'crashed', returnCode: CRASHED, message: 'Fatal Python error: stack overflow' };
  }
  const detail = error instanceof Error ? error.message : String(error);
  const returnCode = detail === 'unreachable' ? ABORTED : CRASHED;
  return { kind: 'crashed', returnCode, message: `Fatal Python error: ${detail}` };
}

export class Machine {
  readonly #linked: LinkedGuest;
  #run: RunState | undefined;

  constructor(guest: Guest) {
    const memory = new GuestMemory();
    const getRun = () => {
      if (!this.#run) throw new Error('the guest called the host outside of a run');
      return this.#run;
    };
    const context: HostContext = {
      memory,
      get run() {
        return getRun();
      },
    };
    const host = new Map<string, HostFunction>(
      Object.entries({
        ...sockets(context, guest.plan.host),
        ...cli(context),
        ...clocks(context),
        ...filesystem(context),
        ...io(context),
        ...random(context),
      }),
    );
    this.#linked = linkGuest(guest.modules, guest.plan, host, memory);
  }

  /** Runs the program of `state` to its end. */
  run(state: RunState): Ending {
    return this.#call(state, () => this.#linked.run());
  }

  /** Runs the cell of `state` with what earlier cells left; the first cell of an instance gets `number`. */
  runCell(state: RunState, number: number): Ending {
    return this.#call(state, () => {
      this.#linked.runCell(number);
      return 0;
    });
  }

  #call(state: RunState, enter: () => number): Ending {
    this.#run = state;
    try {
      return { kind: 'returned', returnCode: enter() };
    } catch (error) {
      if (error instanceof GuestExit) return { kind: 'exited', returnCode: error.returnCode };
      return describeCrash(error);
    } finally {
      this.#run = undefined;
    }
  }

  /** The state to come back to; to be taken before the first run. */
  copyState(): PristineState {
    return new PristineState(this.#linked);
  }

  /** Goes back to `state`; false when the instance cannot. */
  restore(state: PristineState): boolean {
    if (!state.isRestorable(this.#linked)) return false;
    state.restore(this.#linked);
    return true;
  }

  /** Whether the instance is in `state` to the last byte. */
  isIn(state: PristineState): boolean {
    return state.matches(this.#linked);
  }

  /** The functions of the guest's table, which no code of the guest ever writes to. */
  listTable(): unknown[] {
    const { table } = this.#linked;
    return Array.from({ length: table.length }, (_, index) => table.get(index));
  }
}
