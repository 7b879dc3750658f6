// The worker's side of cells. In: messages to an interpreter. Out: one answer to each, and before it what a cell wrote.

import type { CellOutcome, CellPart, InterpreterAnswer, ToInterpreter, WorkerPort } from './job.js';
import { Output } from './output.js';
import { fetchFiles, putFiles } from './program-files.js';
import type { PythonEngine } from './python/engine.js';
import type { Interpreter } from './python/interpreter.js';

/** What a display costs beside its text, so that a million empty ones are not free. */
const DISPLAY_BYTES = 64;

/** Passes on what a cell shows, up to a bound. */
class Displays {
  truncated = false;
  #remaining: number;
  readonly #post: (message: string) => void;

  constructor(maxBytes: number, post: (message: string) => void) {
    this.#remaining = maxBytes;
    this.#post = post;
  }

  show(message: string): void {
    this.#remaining -= message.length + DISPLAY_BYTES;
    if (this.#remaining >= 0) this.#post(message);
    else this.truncated = true;
  }
}

export class CellServer {
  readonly #python: PythonEngine;
  readonly #port: WorkerPort;
  #interpreter: Interpreter | undefined;

  constructor(python: PythonEngine, port: WorkerPort) {
    this.#python = python;
    this.#port = port;
  }

  receive(message: Exclude<ToInterpreter, { type: 'close' }>): void {
    let answer: InterpreterAnswer;
    try {
      answer = this.#answer(message);
    } catch (error) {
      answer = { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
    }
    const transfer = answer.kind === 'files' ? answer.files.map(([, content]) => content.buffer) : [];
    this.#port.post({ type: 'answer', answer }, transfer);
  }

  close(): void {
    this.#interpreter = undefined;
  }

  #answer(message: Exclude<ToInterpreter, { type: 'close' }>): InterpreterAnswer {
    if (message.type === 'open') {
      if (message.guest) this.#python.addGuest(message.guest);
      this.#interpreter = this.#python.open(message.setup);
      return { kind: 'done' };
    }
    const interpreter = this.#interpreter;
    if (!interpreter) throw new Error('no interpreter is open');
    if (message.type === 'cell')
      return { kind: 'cell', outcome: this.#runCell(interpreter, message.code, message.maxOutputBytes) };
    if (message.type === 'fetch-files')
      return { kind: 'files', files: fetchFiles(interpreter.fileSystem, message.paths) };
    putFiles(interpreter.fileSystem, message.files);
    return { kind: 'done' };
  }

  #runCell(interpreter: Interpreter, code: string, maxOutputBytes: number): CellOutcome {
    const output = new Output(maxOutputBytes, (stream, bytes) =>
      this.#port.post({ type: 'cell-output', stream, bytes }, [bytes.buffer]),
    );
    const displays = new Displays(maxOutputBytes, (message) =>
      this.#port.post({ type: 'shown', message }, []),
    );
    this.#port.post({ type: 'cell-started' }, []);
    const outcome = interpreter.run(code, { output, show: (message) => displays.show(message) });
    const truncated: CellPart[] = displays.truncated ? [...output.truncated, 'display'] : output.truncated;
    return { ...outcome, truncated };
  }
}
