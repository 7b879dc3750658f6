// The rollout that is open: what it was asked, what it wrote, step by step.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { BLOCK_PROFILES, isFramework, listFrameworks } from '../model/profile.js';
import { Annotate } from './Annotate.js';
import { Compare } from './Compare.js';
import { useApp } from './context.js';
import { formatBytes, formatCount, formatScore } from './format.js';
import { Group } from './Group.js';
import { Marked } from './Marked.js';
import { Toggle } from './Toggle.js';
import { Fields, Prompt, Turns } from './Turns.js';

export function RolloutPane() {
  const app = useApp();
  const opened = app.opened.value;
  const step = app.step.value;
  const scroll = useRef<HTMLDivElement>(null);
  const row = opened.state === 'none' ? null : opened.row;
  useEffect(() => {
    if (scroll.current) scroll.current.scrollTop = 0;
  }, [row]);
  useEffect(() => {
    if (opened.state !== 'read') return;
    const chosen = scroll.current?.querySelector(`[data-step="${step + 1}"]`);
    const difference =
      app.aim.peek() === 'difference' ? chosen?.querySelector('.observation:is(.differs, .failed)') : null;
    if (difference) difference.scrollIntoView({ block: 'center' });
    else if (step > 0) chosen?.scrollIntoView({ block: 'nearest' });
  }, [opened.state, row, step]);

  if (opened.state === 'none' || row === null) {
    const hasRows = app.rowCount.value > 0;
    return <div class="pane empty">{hasRows && 'No rollout is open. Choose one in the list.'}</div>;
  }
  if (app.grouping.value) return <Group group={app.rows.group(row)} />;
  return (
    <article class="pane" aria-label={`rollout ${row + 1}`} aria-busy={opened.state === 'loading'}>
      <Head row={row} />
      <div class="scroll" ref={scroll}>
        {opened.state === 'loading' && <p class="facts">reading…</p>}
        {opened.state === 'unreadable' && <Unreadable reason={opened.reason} line={opened.line} />}
        {opened.state === 'read' && app.comparing.value && <Compare rollout={opened.rollout} />}
        {opened.state === 'read' && (
          <>
            <Fields rollout={opened.rollout} />
            <Prompt rollout={opened.rollout} />
            <Turns row={row} rollout={opened.rollout} />
          </>
        )}
      </div>
      <Annotate />
    </article>
  );
}

function Head({ row }: { row: number }) {
  const app = useApp();
  const { rows } = app;
  const { mode } = app.settings.value;
  const opened = app.opened.value;
  const steps = opened.state === 'read' ? opened.rollout.steps.length : 0;
  return (
    <header class="head">
      <h2>
        Rollout {formatCount(row + 1)}
        <span class="facts">
          {app.fileOf(row)}:{rows.line(row)} · {formatBytes(rows.place(row).bytes)}
        </span>
      </h2>
      <dl class="facts">
        <Fact name="score">{formatScore(rows.score(row))}</Fact>
        {rows.step(row) !== null && <Fact name="training step">{rows.step(row)}</Fact>}
        {steps > 1 && (
          <Fact name="step">
            {app.step.value + 1} of {steps}
          </Fact>
        )}
      </dl>
      <span class="actions">
        <Toggle
          isOn={mode === 'raw'}
          title="the text as it is (v)"
          onClick={() => app.set({ mode: mode === 'raw' ? 'rendered' : 'raw' })}
        >
          raw
        </Toggle>
        <ProfileChoice />
        <Toggle
          isOn={app.comparing.value}
          title="what each framework would run (c)"
          onClick={() => {
            app.comparing.value = !app.comparing.value;
          }}
        >
          compare
        </Toggle>
        <Toggle
          isOn={app.grouping.value}
          title="the rollouts of this prompt side by side (b)"
          disabled={rows.groupSize(row) < 2}
          onClick={() => app.toggleGroup()}
        >
          group
        </Toggle>
        <button
          type="button"
          class="primary"
          title="run all its code (R)"
          onClick={() => void app.running.runRollout()}
        >
          run all
        </button>
      </span>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Whose reading is shown, and whether it says what runs. */
function ProfileChoice() {
  const app = useApp();
  const { profile } = app.settings.value;
  const runsBy = app.runsBy.value;
  return (
    <span class="profile">
      <select
        name="profile"
        aria-label="profile: whose reading of the code is shown"
        title="whose reading of the code is shown (w)"
        value={profile}
        onChange={(event) => app.set({ profile: event.currentTarget.value })}
      >
        <optgroup label="every block">
          {BLOCK_PROFILES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </optgroup>
        <optgroup label="what a framework would run">
          {listFrameworks().map((name) => (
            <option key={name}>{name}</option>
          ))}
        </optgroup>
      </select>
      <Toggle
        isOn={runsBy !== null}
        disabled={!isFramework(profile)}
        title="run what the profile would run, or what the log's own rules say (W)"
        onClick={() => app.toggleRunsBy()}
      >
        run by it
      </Toggle>
    </span>
  );
}

function Unreadable({ reason, line }: { reason: string; line: string }) {
  return (
    <div class="unreadable">
      <p role="alert">This line is no rollout: {reason}</p>
      <pre class="plain">
        <Marked text={line.slice(0, 100_000)} />
      </pre>
    </div>
  );
}
