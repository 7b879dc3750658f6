// A piece of code, with the means to run and to edit it if it is what the step runs.

import type { ComponentChildren } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { useEffect, useRef } from 'preact/hooks';
import type { Fate } from '../model/profile.js';
import { Code } from './Code.js';
import { useApp } from './context.js';

const Editor = lazy(() => import('./Editor.js'));

/** What a profile makes of a piece of code, in words. */
export interface ShownFate {
  kind: Fate['kind'];
  text: string;
}

interface CodeCardProps {
  row: number;
  index: number;
  title: string;
  /** What it is, where the title does not say. */
  kind?: string;
  facts: string[];
  /** What the chosen profile makes of it. */
  fate: ShownFate | undefined;
  code: string;
  language: string | null;
  /** Whether it is the program of the step, or runs after it. */
  runs: 'first' | 'further' | null;
  /** What there is beside the code. */
  children?: ComponentChildren;
  /** The profile that says so; `null` when the log's own rules do. */
  runsBy: string | null;
  /** Whether the program of the step is running. */
  isRunning: boolean;
}

export function CodeCard({
  row,
  index,
  title,
  kind,
  facts,
  fate,
  code,
  language,
  runs,
  runsBy,
  isRunning,
  children,
}: CodeCardProps) {
  const app = useApp();
  const isEdited =
    runs === 'first' && app.editing.value && app.selectedRow === row && app.step.value === index;
  const edited = useRef(app.running.runs.get(row, index)?.edited ?? code);
  const editButton = useRef<HTMLButtonElement>(null);
  const wasEdited = useRef(false);
  useEffect(() => {
    // The editor had the focus and is gone.
    if (wasEdited.current && !isEdited && document.activeElement === document.body)
      editButton.current?.focus();
    wasEdited.current = isEdited;
  }, [isEdited]);
  return (
    <div class={`card ${runs ? 'runs' : ''} ${fate?.kind === 'passed' ? 'passed' : ''}`}>
      <div class="title">
        <strong>{title}</strong>
        {kind !== undefined && <span class="facts">{kind}</span>}
        {facts.map((fact) => (
          <span key={fact} class="fact">
            {fact}
          </span>
        ))}
        {fate && <span class={`fate ${fate.kind}`}>{fate.text}</span>}
        {runs === 'further' && <span class="actions facts">runs after it</span>}
        {runs === 'first' && (
          <span class="actions">
            <span class="facts">{runsBy === null ? 'as logged' : `by ${runsBy}`}</span>
            <button
              ref={editButton}
              type="button"
              title={isEdited ? 'close the editor (Esc)' : 'edit the code (e)'}
              onClick={async () => {
                await app.choose(row, index);
                app.editing.value = !isEdited;
              }}
            >
              {isEdited ? 'close' : 'edit'}
            </button>
            <button
              type="button"
              class="primary"
              disabled={isRunning}
              title={`run what ${runsBy ?? 'the log'} runs (r)`}
              onClick={async () => {
                await app.choose(row, index);
                await app.running.runStep(isEdited ? edited.current : null);
              }}
            >
              {isRunning ? 'running…' : 'run'}
            </button>
          </span>
        )}
      </div>
      {isEdited ? (
        <Suspense fallback={<Code code={code} language={language} />}>
          <Editor
            code={edited.current}
            language={language ?? 'python'}
            onChange={(text) => {
              edited.current = text;
            }}
            onRun={() => void app.running.runStep(edited.current)}
            onClose={() => {
              app.editing.value = false;
            }}
          />
        </Suspense>
      ) : (
        <Code code={code} language={language} />
      )}
      {children}
    </div>
  );
}
