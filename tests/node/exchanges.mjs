import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** The exchanges that were recorded from a real SandboxFusion server: with its `/run_code`, and with all of it. */
export const exchanges = readExchanges('run-code-exchanges.jsonl');
export const allExchanges = [...exchanges, ...readExchanges('further-exchanges.jsonl')];

function readExchanges(name) {
  const text = readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line, expand));
}

/** Long texts stand in the file as what they repeat. */
function expand(_name, value) {
  const isLong = typeof value?.repeat === 'string' && typeof value.count === 'number';
  return isLong ? value.repeat.repeat(value.count) + value.then : value;
}

/** Serves `answer(request body, request)` on a free port for as long as `use` runs. */
export async function withServer(answer, use) {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => answer({ body, request, response }));
  });
  // A connection closed for being idle would meet a request on its way, on a machine that is slow enough.
  server.keepAliveTimeout = 0;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Answers with a status and a JSON body. */
export function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
