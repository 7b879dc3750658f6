// Timers, immediates and ticks. In: a clock. Out: the global functions and the queue that the host steps through.

const MAX_DELAY_MS = 2 ** 31 - 1;

export function makeTasks(now) {
  let timers = [];
  let immediates = [];
  const ticks = [];
  let nextId = 1;

  class Timeout {
    constructor(callback, delay, values, repeats) {
      this.id = nextId++;
      this.delay = delay >= 1 && delay <= MAX_DELAY_MS ? Math.trunc(delay) : 1;
      this.repeats = repeats;
      this.held = true;
      this.run = () => callback(...values);
      this.refresh();
    }
    refresh() {
      this.due = now() + this.delay;
      timers = timers.filter((timer) => timer !== this);
      const position = timers.findIndex((timer) => timer.due > this.due);
      if (position < 0) timers.push(this);
      else timers.splice(position, 0, this);
      return this;
    }
    ref() {
      this.held = true;
      return this;
    }
    unref() {
      this.held = false;
      return this;
    }
    hasRef() {
      return this.held;
    }
    close() {
      clear(this);
      return this;
    }
    [Symbol.toPrimitive]() {
      return this.id;
    }
  }

  const check = (callback) => {
    if (typeof callback === 'function') return;
    const error = new TypeError(
      `The "callback" argument must be of type function. Received ${String(callback)}`,
    );
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  };
  const clear = (timer) => {
    timers = timers.filter((other) => other !== timer && other.id !== Number(timer));
    immediates = immediates.filter((other) => other !== timer);
  };

  const functions = {
    setTimeout(callback, delay, ...values) {
      check(callback);
      return new Timeout(callback, delay, values, false);
    },
    setInterval(callback, delay, ...values) {
      check(callback);
      return new Timeout(callback, delay, values, true);
    },
    setImmediate(callback, ...values) {
      check(callback);
      const immediate = { run: () => callback(...values), ref: () => immediate, unref: () => immediate };
      immediates.push(immediate);
      return immediate;
    },
    clearTimeout: (timer) => timer !== undefined && timer !== null && clear(timer),
    clearInterval: (timer) => timer !== undefined && timer !== null && clear(timer),
    clearImmediate: (timer) => timer !== undefined && timer !== null && clear(timer),
  };

  return {
    functions,
    addTick: (callback, values) => ticks.push(() => callback(...values)),
    /** Runs one tick; false when there is none. */
    runTick() {
      const tick = ticks.shift();
      tick?.();
      return tick !== undefined;
    },
    /** Runs one task and gives 0, or gives the milliseconds until there is one, or -1 when none will come. */
    runTask() {
      const timer = timers[0];
      if (timer && timer.due <= now()) {
        timers.shift();
        if (timer.repeats) timer.refresh();
        timer.run();
        return 0;
      }
      if (immediates.length > 0) {
        immediates.shift().run();
        return 0;
      }
      return timers.some(({ held }) => held) ? Math.max(0.1, timer.due - now()) : -1;
    },
  };
}
