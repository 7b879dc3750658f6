// The worker's side: runs one job after the other. In: messages from the pool. Out: messages to the pool.

import { CellServer } from './cell-server.js';
import { JavaScriptEngine } from './javascript/engine.js';
import type { Guest, Job, Outcome, QuickJsAssets, WorkerPort } from './job.js';
import { Output } from './output.js';
import { PythonEngine } from './python/engine.js';

function failJob(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  return { returnCode: -1, seconds: 0, truncated: [], files: [], failure: message };
}

/** Answers the pool until the thread ends. */
export function serve(port: WorkerPort, { javascriptStackBytes }: { javascriptStackBytes: number }): void {
  const python = new PythonEngine();
  const javascript = new JavaScriptEngine(javascriptStackBytes);

  const prepare = (guest: Guest | undefined) => {
    if (guest) python.addGuest(guest);
    python.prepare();
    javascript.prepare();
    port.post({ type: 'ready' }, []);
  };

  const run = async (job: Job, guest: Guest | undefined, quickJs: QuickJsAssets | undefined) => {
    const { id } = job;
    const output = new Output(job.maxOutputBytes, (stream, bytes) =>
      port.post({ type: 'output', id, stream, bytes }, [bytes.buffer]),
    );
    const onStart = () => port.post({ type: 'started', id }, []);
    let outcome: Outcome;
    try {
      if (guest) python.addGuest(guest);
      if (quickJs) javascript.setAssets(quickJs);
      const ran =
        job.engine === 'python'
          ? python.run(job, output, onStart)
          : await javascript.run(job, output, onStart);
      output.flush();
      outcome = { ...ran, truncated: output.truncated };
    } catch (error) {
      outcome = failJob(error);
    }
    port.post(
      { type: 'done', id, outcome },
      outcome.files.map(([, content]) => content.buffer),
    );
    prepare(undefined);
  };

  const cells = new CellServer(python, port);
  port.onMessage((message) => {
    if (message.type === 'prepare') prepare(message.guest);
    else if (message.type === 'run') void run(message.job, message.guest, message.quickJs);
    else if (message.type === 'close') {
      cells.close();
      prepare(undefined);
    } else cells.receive(message);
  });
  port.post({ type: 'up' }, []);
}
