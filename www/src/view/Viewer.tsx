// The whole page: a bar on top, the list, the rollout.

import { useSignalEffect } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isDark } from '../keys.js';
import { fromDrop } from '../load/sources.js';
import { useApp } from './context.js';
import { Dialogs } from './Dialogs.js';
import { Filters, SearchBox } from './Filters.js';
import { formatBytes, formatCount, formatSeconds, plural } from './format.js';
import { List } from './List.js';
import { RolloutPane } from './Rollout.js';
import { OpenButtons, Start } from './Start.js';

export function Viewer() {
  const app = useApp();
  const [isDropping, setDropping] = useState(false);
  const isOpen = app.sources.value.length > 0;
  const { theme } = app.settings.value;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files can be dropped anywhere; the button opens them by key
    <div
      class={`viewer ${isDropping ? 'dropping' : ''}`}
      data-theme={theme}
      onDragOver={(event) => {
        // A text that is dragged inside the page is left alone.
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={(event) => {
        // Whatever lies under the pointer is left, one element after the other; only then the viewer.
        const { currentTarget, relatedTarget } = event;
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setDropping(false);
      }}
      onDrop={(event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setDropping(false);
        void fromDrop(event.dataTransfer).then((sources) => app.open(sources));
      }}
    >
      <Bar />
      {app.failures.value.map((failure) => (
        <p key={failure} class="banner bad" role="alert">
          {failure}
        </p>
      ))}
      <ReplayBanner />
      <SavingBanner />
      {isOpen ? <Panes /> : <Start />}
      <Notice />
      <Dialogs />
    </div>
  );
}

function Bar() {
  const app = useApp();
  const sources = app.sources.value;
  const { readBytes, totalBytes, done } = app.progress.value;
  const isReplaying = ['running', 'paused'].includes(app.running.replay.value?.state ?? '');
  const name = sources.length === 1 ? sources[0]?.name : plural(sources.length, 'file');
  return (
    <header class="bar">
      <Brand isTitle={sources.length > 0} />
      {sources.length > 0 && (
        <>
          <span class="facts" role="status">
            {name} · {plural(app.rowCount.value, 'rollout')}
            {!done && `, reading ${formatBytes(readBytes)} of ${formatBytes(totalBytes)}`}
          </span>
          {!done && <progress max={Math.max(1, totalBytes)} value={readBytes} aria-label="reading" />}
          <OpenButtons />
        </>
      )}
      <span class="spring" />
      {sources.length > 0 && (
        <>
          <Where />
          <button
            type="button"
            class="primary"
            title="run all rollouts that are shown (A)"
            disabled={isReplaying}
            onClick={() => void app.running.replayShown()}
          >
            replay all
          </button>
          <button type="button" title="plots (P)" onClick={() => (app.dialog.value = 'plots')}>
            plots
          </button>
          <button type="button" title="export and import (E)" onClick={() => (app.dialog.value = 'exchange')}>
            export
          </button>
        </>
      )}
      {app.textLink !== null && (
        <a
          class="button roomy"
          href={app.textLink}
          target="_blank"
          rel="noopener"
          title="run the code of one text (T)"
        >
          one text
        </a>
      )}
      <button type="button" title="settings (,)" onClick={() => (app.dialog.value = 'settings')}>
        settings
      </button>
      <button
        type="button"
        title="light or dark (t)"
        aria-label="light or dark"
        onClick={() => app.set({ theme: isDark(app) ? 'light' : 'dark' })}
      >
        ◐
      </button>
      <button type="button" title="keys (?)" aria-label="keys" onClick={() => (app.dialog.value = 'help')}>
        ?
      </button>
    </header>
  );
}

/** The way to the start; the title of the page where no other one stands. */
function Brand({ isTitle }: { isTitle: boolean }) {
  const link = (
    <a class="brand" href="./">
      Fencerun
    </a>
  );
  return isTitle ? <h1>{link}</h1> : link;
}

/** Where programs run, when that is not this page. */
function Where() {
  const app = useApp();
  const server = app.server.value;
  if (!server) return null;
  return (
    <button
      type="button"
      class="where"
      title={`code runs at ${server.name}; settings (,)`}
      onClick={() => (app.dialog.value = 'settings')}
    >
      runs at {server.name.replace(/^https?:\/\//, '').replace(/\/$/, '')}
    </button>
  );
}

function ReplayBanner() {
  const app = useApp();
  const replay = app.running.replay.value;
  if (!replay) return null;
  const { state, summary, total, startedMs, reason, runsBy } = replay;
  const { rollouts, programs, recorded, same, differs, noProgram, failed, unreadable } = summary;
  const fresh = summary.new;
  const seconds = (performance.now() - startedMs) / 1000;
  const left = rollouts > 0 ? (seconds / rollouts) * (total - rollouts) : 0;
  const isGoing = state === 'running' || state === 'paused';
  return (
    <div class="banner replay" role="status" data-state={state}>
      <progress max={total} value={rollouts} aria-label="replayed" />
      <span>
        {isGoing
          ? `${formatCount(rollouts)} of ${plural(total, 'rollout')}, ${plural(programs, 'program')}`
          : `${state}: ${plural(rollouts, 'rollout')}, ${plural(programs, 'program')}`}
        {runsBy !== null && ` by ${runsBy}`}
        {' · '}
        <strong>
          identical {formatCount(same)} of {formatCount(recorded)}
        </strong>
        {differs > 0 && ` · ${formatCount(differs)} differ`}
        {noProgram > 0 && ` · no code for ${formatCount(noProgram)}`}
        {fresh > 0 && ` · nothing recorded for ${formatCount(fresh)}`}
        {failed > 0 && ` · no result for ${formatCount(failed)}`}
        {unreadable > 0 && ` · ${plural(unreadable, 'unreadable line')}`}
        {state === 'running' && rollouts > 0 && ` · ${formatSeconds(left)} left`}
      </span>
      {reason !== null && (
        <span class="bad" role="alert">
          {reason}
        </span>
      )}
      <span class="spring" />
      {differs + failed > 0 && (
        <>
          <button type="button" title="the next that differs (D)" onClick={() => app.moveToDiffering()}>
            next that differs
          </button>
          <button
            type="button"
            onClick={() => {
              app.refine({ differs: true });
              app.moveToDiffering();
            }}
          >
            show only these
          </button>
        </>
      )}
      {isGoing ? (
        <>
          <button type="button" title="pause and go on (Space)" onClick={() => app.running.pause()}>
            {state === 'paused' ? 'go on' : 'pause'}
          </button>
          <button type="button" title="stop (x)" onClick={() => app.running.stop()}>
            stop
          </button>
        </>
      ) : (
        <button type="button" aria-label="close" onClick={() => (app.running.replay.value = null)}>
          ✕
        </button>
      )}
    </div>
  );
}

function SavingBanner() {
  const saving = useApp().saving.value;
  if (!saving) return null;
  const { name, rows, total, stop } = saving;
  return (
    <div class="banner saving" role="status">
      <progress max={total} value={rows} aria-label="written" />
      <span>
        writing {name}: {formatCount(rows)} of {plural(total, 'rollout')}
      </span>
      <span class="spring" />
      <button type="button" onClick={stop}>
        stop
      </button>
    </div>
  );
}

function Panes() {
  const app = useApp();
  const element = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    element.current?.style.setProperty('--list-width', `${app.settings.value.listWidth}px`);
  });
  return (
    <main class="panes" ref={element}>
      <section class="side" aria-label="rollouts">
        <SearchBox />
        {app.settings.value.filters && <Filters />}
        <List />
      </section>
      <Divider />
      <RolloutPane />
    </main>
  );
}

/** The least that the list and the rollout keep of the width, in pixels. */
const MIN_PANE_WIDTH = 280;
const KEY_WIDTH = 40;

/** Between the list and the rollout: dragged, or moved by the arrow keys. */
function Divider() {
  const app = useApp();
  const { listWidth } = app.settings.value;
  const resize = (event: TargetedEvent<HTMLElement>, width: number) => {
    const whole = event.currentTarget.parentElement?.clientWidth ?? 0;
    app.set({ listWidth: Math.round(Math.max(MIN_PANE_WIDTH, Math.min(width, whole - MIN_PANE_WIDTH))) });
  };
  return (
    <div
      class="divider"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="width of the list"
      aria-valuenow={listWidth}
      aria-valuemin={MIN_PANE_WIDTH}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const { currentTarget, clientX, pointerId } = event;
        if (!currentTarget.hasPointerCapture(pointerId)) return;
        resize(event, clientX - (currentTarget.parentElement?.getBoundingClientRect().left ?? 0));
      }}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -KEY_WIDTH, ArrowRight: KEY_WIDTH }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        resize(event, listWidth + by);
      }}
    />
  );
}

const NOTICE_MS = 4000;

function Notice() {
  const app = useApp();
  const text = app.notice.value;
  useEffect(() => {
    if (text === '') return;
    const timer = setTimeout(() => {
      app.notice.value = '';
    }, NOTICE_MS);
    return () => clearTimeout(timer);
  }, [app, text]);
  return (
    <div class="notice" role="status" hidden={text === ''}>
      {text}
    </div>
  );
}
