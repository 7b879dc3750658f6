// The viewer, put together in an element.

import { type ComponentChildren, render } from 'preact';
import { App } from './app.js';
import type * as Contract from './contract.js';
import { listenForKeys, takesText } from './keys.js';
import { startCores } from './load/core.js';
import type { GivenServer } from './load/server.js';
import { fromText, fromUrl } from './load/sources.js';
import { describeThrown } from './thrown.js';
import { AppProvider } from './view/context.js';
import { Viewer } from './view/Viewer.js';
import type { SourceSpec } from './work/protocol.js';

/** What the viewer's own page has beyond what any page may ask for. */
export interface PageOptions {
  /** A server that the page's own server passes programs on to. */
  server?: GivenServer;
  /** The address of the page of one text. */
  textUrl?: string;
}

/** Puts a viewer into an element, and answers it with its state, which the page of the viewer follows. */
export async function mountApp(
  element: HTMLElement,
  options: Contract.MountOptions & PageOptions,
): Promise<Contract.MountedViewer & { app: App }> {
  render(<Message role="status">loading…</Message>, element);
  try {
    await startCores();
  } catch (thrown) {
    const reason = describeThrown(thrown);
    render(<Message role="alert">The viewer could not be started: {reason}</Message>, element);
    throw thrown;
  }
  const { url } = options;
  const server = options.server ?? (url === undefined ? undefined : { url, name: url });
  const app = new App({
    // Bundlers know a worker by this very form.
    startWorker: () => new Worker(new URL('worker.js', import.meta.url), { type: 'module' }),
    ...(options.sandboxUrl !== undefined && { sandboxUrl: options.sandboxUrl }),
    ...(server && { server }),
    ...(options.textUrl !== undefined && { textUrl: options.textUrl }),
    ...(options.storeName !== undefined && { storeName: options.storeName }),
    ...(options.remember !== false && { settings: localStorage }),
  });
  const target = options.wholePage ? document : element;
  const stopKeys = listenForKeys(app, element, target);
  const stopPaste = listenForPaste(app, target);
  render(
    <AppProvider value={app}>
      <Viewer />
    </AppProvider>,
    element,
  );
  const wanted =
    options.rollout === undefined ? null : { row: options.rollout - 1, step: (options.step ?? 1) - 1 };
  if (options.source !== undefined) app.open(listSources(options.source), wanted);
  let isMounted = true;
  return {
    app,
    open: (source) => app.open(listSources(source)),
    unmount: () => {
      if (!isMounted) return;
      isMounted = false;
      stopKeys();
      stopPaste();
      app.dispose();
      render(null, element);
    },
  };
}

/** Opens text that is pasted anywhere but into a field, until the function it answers is called. */
function listenForPaste(app: App, target: HTMLElement | Document): () => void {
  const listener = (event: Event) => {
    if (!(event instanceof ClipboardEvent) || takesText(event.target)) return;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text.trim() !== '') app.open(fromText(text));
  };
  target.addEventListener('paste', listener);
  return () => target.removeEventListener('paste', listener);
}

function Message({ role, children }: { role: 'status' | 'alert'; children: ComponentChildren }) {
  return (
    <div class="viewer">
      <p class="message" role={role}>
        {children}
      </p>
    </div>
  );
}

function listSources(source: Contract.ViewerSource): SourceSpec[] {
  if (typeof source === 'string') return fromText(source, 'rollouts');
  const list = source instanceof URL || source instanceof Blob ? [source] : source;
  return list.flatMap((one): SourceSpec[] => {
    if (one instanceof URL) return fromUrl(one.href);
    const name = one instanceof File ? one.name : 'rollouts';
    return [{ kind: 'blob', name, blob: one }];
  });
}
