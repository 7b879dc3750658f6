// The viewer in an element of any page.

import { effect } from '@preact/signals';
import { type ComponentChildren, render } from 'preact';
import { App } from './app.js';
import { listenForKeys } from './keys.js';
import { startCores } from './load/core.js';
import { fromText, fromUrl } from './load/sources.js';
import { AppProvider } from './view/context.js';
import { Viewer } from './view/Viewer.js';
import type { SourceSpec } from './work/protocol.js';

/** What to show: files, a text, the address of a file, or several of them. */
export type ViewerSource = string | URL | Blob | readonly (URL | Blob)[];

export interface MountOptions {
  /** What to open at once. A string is the text of a log. */
  source?: ViewerSource;
  /** The rollout to open first, from 1, and the step in it. */
  rollout?: number;
  step?: number;
  /** Where the files of `fencerun-sandbox` are. Default `sandbox/` beside the page. */
  sandboxUrl?: string;
  /** Whether settings are remembered. Default `true`. */
  remember?: boolean;
  /** The name of the database that annotations are kept in. */
  storeName?: string;
  /** Whether keys of the whole page are heard, or only those in the element. Default `false`. */
  wholePage?: boolean;
}

export interface MountedViewer {
  /** Opens something else. */
  open(source: ViewerSource): void;
  /** Takes the viewer out of the page and stops what it runs. May be called more than once. */
  unmount(): void;
  readonly app: App;
}

/**
 * Puts a viewer into an element, which it fills, and resolves when it is there. Its worker and its WebAssembly are files beside
 * this module.
 *
 * @throws {RunError} rejects, and says so in the element, when those files cannot be loaded.
 */
export async function mountViewer(element: HTMLElement, options: MountOptions = {}): Promise<MountedViewer> {
  render(<Message role="status">loading…</Message>, element);
  try {
    await startCores();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    render(<Message role="alert">The viewer could not be started: {reason}</Message>, element);
    throw thrown;
  }
  const app = new App({
    // Bundlers know a worker by this very form.
    startWorker: () => new Worker(new URL('worker.js', import.meta.url), { type: 'module' }),
    ...(options.sandboxUrl !== undefined && { sandboxUrl: options.sandboxUrl }),
    ...(options.storeName !== undefined && { storeName: options.storeName }),
    ...(options.remember !== false && { settings: localStorage }),
  });
  const stopKeys = listenForKeys(app, options.wholePage ? document : element);
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
      app.dispose();
      render(null, element);
    },
  };
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

function listSources(source: ViewerSource): SourceSpec[] {
  if (typeof source === 'string') return fromText(source);
  const list = source instanceof URL || source instanceof Blob ? [source] : source;
  return list.flatMap((one): SourceSpec[] => {
    if (one instanceof URL) return fromUrl(one.href);
    const name = one instanceof File ? one.name : 'rollouts';
    return [{ kind: 'blob', name, blob: one }];
  });
}

export { effect };
