// The rollouts of one prompt, side by side.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenRollout } from '../app.js';
import { readReplayed } from '../model/replayed.js';
import { useApp } from './context.js';
import { useFocus } from './focus.js';
import { formatCount, formatScore, plural } from './format.js';
import { Step } from './Step.js';
import { Prompt } from './Turns.js';

/** More than these side by side cannot be read. */
const MAX_COLUMNS = 12;

export function Group({ group }: { group: number }) {
  const app = useApp();
  void app.rowCount.value;
  const all = app.rows.listGroup(group);
  const [opened, setOpened] = useState<OpenRollout[]>([]);
  useEffect(() => {
    let isCurrent = true;
    void Promise.all(all.slice(0, MAX_COLUMNS).map((row) => app.read(row))).then((read) => {
      if (isCurrent) setOpened(read);
    });
    return () => {
      isCurrent = false;
    };
  }, [group, all.length, app.runsBy.value]);
  const element = useRef<HTMLDivElement>(null);
  useFocus(element);
  const first = opened.find((one) => one.state === 'read');
  return (
    <div class="pane group" ref={element} tabIndex={-1}>
      <header class="head">
        <h2>
          Task {formatCount(group + 1)}
          <span class="facts">
            {plural(all.length, 'rollout')}
            {all.length > MAX_COLUMNS ? `, the first ${MAX_COLUMNS} here` : ''}
          </span>
        </h2>
        <span class="actions">
          <button type="button" onClick={() => app.refine({ group })}>
            only these in the list
          </button>
          <button
            type="button"
            onClick={() => {
              app.grouping.value = false;
            }}
          >
            close
          </button>
        </span>
      </header>
      {first?.state === 'read' && <Prompt rollout={first.rollout} />}
      <div class="columns">
        {opened.map((one) => one.state !== 'none' && <Column key={one.row} opened={one} />)}
      </div>
    </div>
  );
}

function Column({ opened }: { opened: Exclude<OpenRollout, { state: 'none' }> }) {
  const app = useApp();
  const { row } = opened;
  const earlier = opened.state === 'read' ? readReplayed(opened.rollout) : null;
  const open = () => {
    app.grouping.value = false;
    void app.select(row);
  };
  return (
    <section class="column" aria-label={`rollout ${row + 1}`}>
      <h3>
        <button type="button" class="link" onClick={open}>
          {formatCount(row + 1)}
        </button>
        <span class="facts">score {formatScore(app.rows.score(row))}</span>
      </h3>
      {opened.state === 'unreadable' && <p>{opened.reason}</p>}
      {opened.state === 'read' &&
        opened.rollout.steps.map((_, index) => (
          <Step
            key={index}
            row={row}
            index={index}
            rollout={opened.rollout}
            earlier={earlier?.[index]}
            isChosen={row === app.selectedRow && index === app.step.value}
          />
        ))}
    </section>
  );
}
