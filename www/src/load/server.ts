// The SandboxFusion server that a page's own server passes programs on to.

/** A server to run programs at. */
export interface GivenServer {
  /** The address that the page asks. */
  url: string;
  /** The address that people know it by. */
  name: string;
}

/** The server behind an address of the page's own origin; none behind any other, as a link may name what it likes. */
export async function findServer(address: string): Promise<GivenServer | null> {
  const url = new URL(address, document.baseURI);
  if (url.origin !== location.origin) return null;
  const response = await fetch(url, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const { url: name } = (await response.json()) as { url?: unknown };
  return { url: url.href, name: String(name) };
}
