// What each key does. The help shows this table, so that it cannot say something else.

import type { App } from './app.js';
import { comeBack, goTo } from './view/focus.js';

export interface KeyBinding {
  keys: string[];
  does: string;
  /** `view` is the element that the viewer is in: there may be others on the page. */
  run(app: App, view: HTMLElement): void;
}

function focus(view: HTMLElement, selector: string) {
  goTo(view.querySelector<HTMLElement>(selector));
}

/** Brings the mark `by` places further in the rollout that is open into sight, round at the ends. */
function moveToMark(view: HTMLElement, by: number) {
  const marks = [...view.querySelectorAll('.pane mark')];
  const current = marks.findIndex((mark) => mark.classList.contains('current'));
  marks[current]?.classList.remove('current');
  const next = marks[(current < 0 && by < 0 ? marks.length - 1 : current + by + marks.length) % marks.length];
  next?.classList.add('current');
  next?.scrollIntoView({ block: 'center' });
}

function rate(app: App, rating: number | null) {
  const { subject } = app.annotating;
  if (subject) void app.annotating.annotate(subject, { rating });
}

export const SECTIONS: { title: string; bindings: KeyBinding[] }[] = [
  {
    title: 'Move',
    bindings: [
      { keys: ['j', 'ArrowDown'], does: 'next rollout', run: (app) => app.move(1) },
      { keys: ['k', 'ArrowUp'], does: 'previous rollout', run: (app) => app.move(-1) },
      { keys: ['PageDown'], does: 'ten rollouts down', run: (app) => app.move(10) },
      { keys: ['PageUp'], does: 'ten rollouts up', run: (app) => app.move(-10) },
      { keys: ['g', 'Home'], does: 'first rollout', run: (app) => app.move(-Infinity) },
      { keys: ['G', 'End'], does: 'last rollout', run: (app) => app.move(Infinity) },
      { keys: ['n'], does: 'next step', run: (app) => app.moveStep(1) },
      { keys: ['p'], does: 'previous step', run: (app) => app.moveStep(-1) },
      { keys: ['D'], does: 'next rollout whose runs differ', run: (app) => app.moveToDiffering() },
    ],
  },
  {
    title: 'Run',
    bindings: [
      { keys: ['r'], does: 'run the step', run: (app) => void app.running.runStep() },
      { keys: ['R'], does: 'run the rollout', run: (app) => void app.running.runRollout() },
      { keys: ['A'], does: 'run all rollouts that are shown', run: (app) => void app.running.replayShown() },
      { keys: [' '], does: 'pause and go on', run: (app) => app.running.pause() },
      { keys: ['x'], does: 'stop', run: (app) => app.running.stop() },
      {
        keys: ['e'],
        does: 'edit the code of the step; Ctrl Enter runs it',
        run: (app) => void app.edit(),
      },
      {
        keys: ['S'],
        does: 'save the rollouts that are shown, with what their code printed',
        run: (app) => void app.saveShown('log'),
      },
      {
        keys: ['W'],
        does: "let the profile say what runs, or the log's own rules",
        run: (app) => app.toggleRunsBy(),
      },
    ],
  },
  {
    title: 'Look',
    bindings: [
      { keys: ['/'], does: 'search', run: (_, view) => focus(view, '[name="search"]') },
      {
        keys: ['f'],
        does: 'filters',
        run: (app, view) => {
          app.set({ filters: true });
          // They are there once the page has been drawn anew.
          requestAnimationFrame(() => focus(view, '.filters button'));
        },
      },
      {
        keys: ['F'],
        does: 'show or hide the filters',
        run: (app) => app.set({ filters: !app.settings.peek().filters }),
      },
      {
        keys: ['C'],
        does: 'choose the numbers that have a column',
        run: (app, view) => {
          app.set({ filters: true });
          requestAnimationFrame(() => {
            const columns = view.querySelector<HTMLDetailsElement>('.columns-choice');
            if (!columns) {
              app.notice.value = 'the log has no numbers beside the score';
              return;
            }
            columns.open = true;
            columns.querySelector('button')?.focus();
          });
        },
      },
      { keys: [']'], does: 'next place that was found', run: (_, view) => moveToMark(view, 1) },
      { keys: ['['], does: 'previous place that was found', run: (_, view) => moveToMark(view, -1) },
      { keys: ['y'], does: 'copy a link to the rollout and the step', run: (app) => void app.copyLink() },
      {
        keys: ['v'],
        does: 'the text as it is, or rendered',
        run: (app) => app.set({ mode: app.settings.peek().mode === 'raw' ? 'rendered' : 'raw' }),
      },
      {
        keys: ['w'],
        does: 'choose whose reading of the code is shown',
        run: (_, view) => focus(view, '[name="profile"]'),
      },
      {
        keys: ['c'],
        does: 'what each framework would run',
        run: (app) => {
          app.comparing.value = !app.comparing.peek();
        },
      },
      {
        keys: ['b'],
        does: 'the rollouts of one prompt side by side',
        run: (app) => app.toggleGroup(),
      },
      {
        keys: ['P'],
        does: 'plots',
        run: (app) => {
          app.dialog.value = 'plots';
        },
      },
      {
        keys: ['s'],
        does: 'sort by score; again: the other way',
        run: (app) => app.sortBy('score'),
      },
    ],
  },
  {
    title: 'Annotate',
    bindings: [
      {
        keys: ['a'],
        does: 'annotate the step, or the whole rollout',
        run: (app) => {
          app.annotating.ofStep.value = !app.annotating.ofStep.peek();
        },
      },
      ...[1, 2, 3, 4, 5].map((rating) => ({
        keys: [String(rating)],
        does: `rate ${rating} of 5`,
        run: (app: App) => rate(app, rating),
      })),
      { keys: ['0'], does: 'take the rating back', run: (app) => rate(app, null) },
      { keys: ['l'], does: 'add a label', run: (_, view) => focus(view, '[name="label"]') },
      { keys: ['m'], does: 'write a note', run: (_, view) => focus(view, '[name="note"]') },
      {
        keys: ['E'],
        does: 'export and import',
        run: (app) => {
          app.dialog.value = 'exchange';
        },
      },
    ],
  },
  {
    title: 'Page',
    bindings: [
      {
        keys: ['o'],
        does: 'open files',
        run: (_, view) => view.querySelector<HTMLElement>('[name="open-files"]')?.click(),
      },
      {
        keys: ['T'],
        does: 'run the code of one text, on a page of its own',
        run: (app) => app.openText(),
      },
      {
        keys: [','],
        does: 'settings',
        run: (app) => {
          app.dialog.value = 'settings';
        },
      },
      {
        keys: ['t'],
        does: 'light or dark',
        run: (app) => app.set({ theme: isDark(app) ? 'light' : 'dark' }),
      },
      {
        keys: ['?'],
        does: 'these keys; Esc leaves a field, a dialog, or what lies over a rollout',
        run: (app) => {
          app.dialog.value = 'help';
        },
      },
    ],
  },
];

export function isDark(app: App): boolean {
  const { theme } = app.settings.peek();
  return theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
}

const BINDINGS = new Map(
  SECTIONS.flatMap(({ bindings }) => bindings.flatMap((one) => one.keys.map((key) => [key, one]))),
);

export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // The editor stands in a shadow root, of which the event shows the host.
  return target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable], .editor');
}

/** Listens for the keys of the viewer in `view`, those of the whole page or those in it, until the function it answers is called. */
export function listenForKeys(app: App, view: HTMLElement, target: HTMLElement | Document): () => void {
  const listener = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') return leave(app, event);
    if (app.dialog.peek() !== null || takesText(event.target)) return;
    // A button that is focused is pressed by the space bar.
    if (event.key === ' ' && event.target instanceof HTMLButtonElement) return;
    const binding = BINDINGS.get(event.key);
    if (!binding) return;
    event.preventDefault();
    binding.run(app, view);
  };
  target.addEventListener('keydown', listener);
  return () => target.removeEventListener('keydown', listener);
}

/** Leaves the field that has the focus, or closes what lies over the rollout. A dialog and the editor close themselves. */
function leave(app: App, event: KeyboardEvent) {
  const { target } = event;
  if (app.dialog.peek() !== null || (target instanceof HTMLElement && target.matches('.editor'))) return;
  if (target instanceof HTMLElement && (takesText(target) || target.closest('.filters'))) {
    // A search field would empty itself.
    event.preventDefault();
    comeBack(target);
  } else if (app.grouping.peek()) app.grouping.value = false;
  else if (app.comparing.peek()) app.comparing.value = false;
}
