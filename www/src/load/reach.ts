// A server that gave no answer in, why not out, as far as a page can find out: a browser tells a page little of what it forbids it.

/** A server that no program can run at, whichever it is. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** How long a server may take to say anything at all, in milliseconds. */
const WAIT_MS = 5000;

/** Why `fetch` failed there, as a sentence. */
export async function explainUnreachable(url: string): Promise<string> {
  const { origin, protocol, hostname } = new URL(url, document.baseURI);
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(hostname);
  if (location.protocol === 'https:' && protocol === 'http:' && !isLocal) {
    return `${origin} cannot be asked: a page from https may not ask what is on http`;
  }
  let isForbidden = false;
  const note = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
    if (effectiveDirective === 'connect-src' && blockedURI.startsWith(origin)) isForbidden = true;
  };
  document.addEventListener('securitypolicyviolation', note);
  try {
    // What comes so cannot be read by the page, but it came.
    await fetch(url, {
      mode: 'no-cors',
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(WAIT_MS),
    });
    const advice = `fencerun serve --upstream ${url} --cors-origin ${location.origin}`;
    return `${origin} answers, but lets no page of ${location.origin} read it (CORS); \`${advice}\` lets it through`;
  } catch {
    // The page hears of a violation in a task of its own.
    await new Promise((resolve) => setTimeout(resolve));
    if (!isForbidden) return `${origin} cannot be reached`;
    const advice = `\`fencerun view --url ${url}\` runs programs there`;
    return `the policy of this page lets it ask no other server than its own (connect-src); ${advice}`;
  } finally {
    document.removeEventListener('securitypolicyviolation', note);
  }
}
