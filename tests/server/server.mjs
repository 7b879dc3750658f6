// Servers for tests: a scripted sandbox behind the real routes, a port that the system chooses, and requests to it.

import { createServer } from '../../pkg/dist/server.js';

export { createServer };

/** An answer of the sandbox. */
export const answer = {
  status: 'Success',
  message: '',
  compile_result: null,
  run_result: { status: 'Finished', execution_time: 0.5, return_code: 0, stdout: 'out', stderr: '' },
  executor_pod_name: null,
  files: {},
};

/**
 * A sandbox whose runs end when the test says so: `runs[i].finish()`. A run whose signal fires rejects with its reason.
 * `started(n)` resolves when n programs have started.
 */
export function scriptSandbox() {
  const runs = [];
  const waiting = [];
  const sandbox = {
    runCode(request, { signal }) {
      return new Promise((resolve, reject) => {
        const run = { request, signal, finish: () => resolve(answer), isAborted: false };
        signal.addEventListener('abort', () => {
          run.isAborted = true;
          run.onAbort?.();
          reject(signal.reason);
        });
        runs.push(run);
        for (const { count, resolve: tell } of waiting) if (runs.length >= count) tell();
      });
    },
    async close() {},
  };
  const started = (count) =>
    runs.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve }));
  return { sandbox, runs, started };
}

/** Listens with these options for as long as the test `t` runs; gives the URL and the server. */
export async function listen(t, options) {
  const server = createServer(options);
  t.after(() => server.close({ signal: AbortSignal.abort() }));
  return { server, url: await server.listen() };
}

/** Posts a body to `/run_code`; by default a program that prints. */
export function post(url, { body = { code: 'print(1)', language: 'python' }, headers = {}, ...init } = {}) {
  return fetch(`${url}/run_code`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'object' && !(body instanceof ReadableStream) ? JSON.stringify(body) : body,
    ...init,
  });
}
