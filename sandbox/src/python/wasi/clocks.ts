// wasi:clocks: real time, and waiting for it.

import { Clock } from '../clock.js';
import { Pollable } from './io.js';
import type { HostContext, HostFunctions } from './run-state.js';

const RESOLUTION_NS = 1_000n;

/** A shared buffer to wait on; a shared WebAssembly memory exists where SharedArrayBuffer is withheld. */
function makeWaitBuffer(): Int32Array | undefined {
  try {
    return new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
  } catch {
    return undefined;
  }
}

let waitBuffer: Int32Array | undefined;

/** Outlives programs, which would else see the time of day go back by what a new one has yet to find out. */
const clock = new Clock(
  () => performance.now(),
  () => Date.now(),
);

/** Blocks the thread. */
export function waitMs(milliseconds: number): void {
  waitBuffer ??= makeWaitBuffer();
  const end = performance.now() + milliseconds;
  for (let rest = milliseconds; rest > 0; rest = end - performance.now()) {
    try {
      if (!waitBuffer) continue;
      Atomics.wait(waitBuffer, 0, 0, rest);
    } catch {
      waitBuffer = undefined;
    }
  }
}

class TimerPollable extends Pollable {
  constructor(
    readonly context: HostContext,
    readonly instantNs: bigint,
  ) {
    super();
  }
  override ready(): boolean {
    return clock.readMonotonicNs() >= this.instantNs;
  }
  override block(): void {
    this.context.run.flushOutput();
    waitMs(Number(this.instantNs - clock.readMonotonicNs()) / 1e6);
  }
}

function writeDatetime({ memory }: HostContext, target: number, nanoseconds: bigint): void {
  memory.writeU64(target, nanoseconds / 1_000_000_000n);
  memory.writeU32(target + 8, Number(nanoseconds % 1_000_000_000n));
}

export function clocks(context: HostContext): HostFunctions {
  const addTimer = (instantNs: bigint) => context.run.handles.add(new TimerPollable(context, instantNs));
  return {
    'wasi:clocks/monotonic-clock#now': () => clock.readMonotonicNs(),
    'wasi:clocks/monotonic-clock#resolution': () => RESOLUTION_NS,
    'wasi:clocks/monotonic-clock#subscribe-instant': (instant: bigint) =>
      addTimer(BigInt.asUintN(64, instant)),
    'wasi:clocks/monotonic-clock#subscribe-duration': (duration: bigint) =>
      addTimer(clock.readMonotonicNs() + BigInt.asUintN(64, duration)),
    'wasi:clocks/wall-clock#now': (target: number) => writeDatetime(context, target, clock.readDateNs()),
    'wasi:clocks/wall-clock#resolution': (target: number) => {
      context.memory.writeU64(target, 0n);
      context.memory.writeU32(target + 8, Number(RESOLUTION_NS));
    },
  };
}
