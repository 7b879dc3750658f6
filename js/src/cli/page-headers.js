// The headers that the page of the viewer is made for, wherever it comes from. It is JavaScript so that the server of a checkout, which
// is not built, has them too.

/**
 * What every answer has; `connect` is whom the page may ask, as the sources of `connect-src` in
 * [Content Security Policy](https://www.w3.org/TR/CSP3/#directive-connect-src).
 *
 * @param {readonly string[]} connect
 * @returns {Record<string, string>}
 */
export function describeHeaders(connect = ["'self'"]) {
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    "worker-src 'self'",
    `connect-src ${connect.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
}

/** The worker that runs programs is handed all it needs: it may not connect to anything. */
export const workerHeaders = describeHeaders(["'none'"]);

/**
 * The media types of what the page is made of, by the end of the name.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const pageTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/jsonl; charset=utf-8',
  '.wasm': 'application/wasm',
};
