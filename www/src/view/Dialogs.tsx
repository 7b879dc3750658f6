// What lies over the page: keys, plots, settings, export and import.

import type { ComponentChildren } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { SECTIONS } from '../keys.js';
import { saveFile } from '../load/save.js';
import { EXCHANGE_FORMATS, EXCHANGE_NAMES } from '../model/exchange.js';
import { SAVE_FORMATS, type SaveFormat } from '../model/save.js';
import { describeThrown } from '../thrown.js';
import { useApp } from './context.js';
import { formatCount, plural } from './format.js';

const Plots = lazy(() => import('./Plots.js'));

export function Dialogs() {
  const app = useApp();
  switch (app.dialog.value) {
    case 'help':
      return (
        <Dialog title="Keys">
          <Help />
        </Dialog>
      );
    case 'plots':
      return (
        <Dialog title="Plots of the rollouts that are shown">
          <Suspense fallback={<p>…</p>}>
            <Plots />
          </Suspense>
        </Dialog>
      );
    case 'settings':
      return (
        <Dialog title="Settings">
          <SettingsForm />
        </Dialog>
      );
    case 'exchange':
      return (
        <Dialog title="Export and import">
          <Exchange />
        </Dialog>
      );
    default:
      return null;
  }
}

function Dialog({ title, children }: { title: string; children: ComponentChildren }) {
  const app = useApp();
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // Closing gives the focus back to what had it; what is only taken out of the page does not.
    return () => dialog?.close();
  }, []);
  const close = () => {
    app.dialog.value = null;
  };
  return (
    <dialog
      ref={element}
      aria-label={title}
      onClose={({ currentTarget }) => currentTarget.isConnected && close()}
    >
      <header class="head">
        <h2>{title}</h2>
        <button type="button" aria-label="close" onClick={close}>
          ✕
        </button>
      </header>
      <div class="body">{children}</div>
    </dialog>
  );
}

const NAMES: Record<string, string> = {
  ' ': 'Space',
  ArrowDown: '↓',
  ArrowUp: '↑',
  PageDown: 'Page ↓',
  PageUp: 'Page ↑',
};

function Help() {
  return (
    <div class="help">
      {SECTIONS.map(({ title, bindings }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {bindings.map(({ keys, does }) => (
              <div key={does}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{NAMES[key] ?? key}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function SettingsForm() {
  const app = useApp();
  const { theme, timeoutSeconds, concurrency } = app.settings.value;
  return (
    <form class="settings" method="dialog">
      <label>
        Colours
        <select
          value={theme}
          onChange={(event) => app.set({ theme: event.currentTarget.value as typeof theme })}
        >
          <option value="system">as the system</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </label>
      <WhereCodeRuns />
      <label>
        Time-out in seconds
        <input
          type="number"
          min={1}
          max={3600}
          value={timeoutSeconds}
          onChange={(event) => app.set({ timeoutSeconds: clamp(event.currentTarget.valueAsNumber, 1, 3600) })}
        />
      </label>
      <label>
        Programs at a time
        <input
          type="number"
          min={1}
          max={64}
          value={concurrency}
          onChange={(event) => app.set({ concurrency: clamp(event.currentTarget.valueAsNumber, 1, 64) })}
        />
      </label>
    </form>
  );
}

/** The sandbox of the page, the server that came with the page, or one that a person names. */
function WhereCodeRuns() {
  const app = useApp();
  const { runsAt, url } = app.settings.value;
  const given = app.givenServer;
  const [error, setError] = useState('');
  const [state, setState] = useState<{ isThere: boolean; text: string } | null>(null);
  const place = runsAt === 'given' && !given ? 'page' : runsAt;
  const forget = () => {
    setError('');
    setState(null);
  };
  return (
    <>
      <label>
        Where code runs
        <select
          value={place}
          onChange={(event) => {
            forget();
            app.set({ runsAt: event.currentTarget.value as typeof place });
          }}
        >
          {given && <option value="given">at {given.name}</option>}
          <option value="page">in this page</option>
          <option value="server">at a SandboxFusion server</option>
        </select>
      </label>
      {place === 'server' && (
        <>
          <label>
            Its address
            <input
              type="url"
              placeholder="http://127.0.0.1:8080"
              value={url}
              aria-invalid={error !== ''}
              onChange={(event) => {
                const text = event.currentTarget.value.trim();
                forget();
                if (text === '' || isServerAddress(text)) app.set({ url: text });
                else setError(`expected http://HOST or https://HOST, found ${text}`);
              }}
            />
          </label>
          <label>
            Its token
            <input
              type="password"
              autocomplete="off"
              placeholder="if it asks for one; not remembered"
              onChange={(event) => {
                forget();
                app.running.setToken(event.currentTarget.value.trim());
              }}
            />
          </label>
        </>
      )}
      {app.server.value && (
        <p class="actions">
          <button
            type="button"
            onClick={async () => {
              setState({ isThere: true, text: 'asking…' });
              setState((await app.running.askServer()) ?? null);
            }}
          >
            is it there?
          </button>
          <span class={state && !state.isThere ? 'bad' : ''} role="status">
            {state?.text}
          </span>
        </p>
      )}
      {error !== '' && (
        <p class="bad" role="alert">
          {error}
        </p>
      )}
    </>
  );
}

function isServerAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function clamp(value: number, min: number, max: number): number {
  return Number.isFinite(value) ? Math.min(max, Math.max(min, Math.round(value))) : min;
}

const SAVE_WORDS: Record<SaveFormat, string> = {
  log: 'as logged',
  verl: "as verl's dump",
  openai: 'as OpenAI messages',
};

function Exchange() {
  const app = useApp();
  const [message, setMessage] = useState('');
  void app.annotating.count.value;
  void app.running.count.value;
  const read = async (file: File | undefined) => {
    if (!file) return;
    try {
      setMessage(`${plural(await app.annotating.read(await file.text()), 'annotation')} read`);
    } catch (thrown) {
      setMessage(`${file.name}: ${describeThrown(thrown)}`);
    }
  };
  return (
    <div class="exchange">
      <h3>Annotations: {plural(app.annotating.annotations.size, 'annotation')}</h3>
      <p class="actions">
        {EXCHANGE_FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            onClick={async () => saveFile(EXCHANGE_NAMES[format], await app.annotating.write(format))}
          >
            {EXCHANGE_NAMES[format]}
          </button>
        ))}
      </p>
      <label>
        import annotations
        <input
          type="file"
          accept=".json,.jsonl"
          onChange={(event) => {
            void read(event.currentTarget.files?.[0]);
            // So that the same file can be read again.
            event.currentTarget.value = '';
          }}
        />
      </label>
      <h3>Rollouts in the list, with what their code printed now: {formatCount(app.order.value.length)}</h3>
      <p class="facts">
        Each line as it is, with one more member, <code>replay</code>, as <code>fencerun replay -o</code>{' '}
        writes it.
      </p>
      <p class="actions">
        {SAVE_FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            disabled={app.order.value.length === 0}
            onClick={() => {
              app.dialog.value = null;
              void app.saveShown(format);
            }}
          >
            {SAVE_WORDS[format]}
          </button>
        ))}
      </p>
      <h3>Runs alone: {plural(app.running.runs.size, 'rollout')}</h3>
      <p class="actions">
        <button type="button" onClick={() => saveFile('runs.jsonl', app.running.write())}>
          runs.jsonl
        </button>
      </p>
      <p role="status">{message}</p>
    </div>
  );
}
