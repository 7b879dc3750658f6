// Labels, a rating and a note for the rollout or for the step that is chosen.

import { useApp } from './context.js';

const RATINGS = [1, 2, 3, 4, 5] as const;

export function Annotate() {
  const app = useApp();
  void app.annotating.count.value;
  const { subject } = app.annotating;
  if (!subject) return null;
  const { labels, rating, note } = app.annotating.annotations.get(subject);
  const known = app.annotating.annotations.listLabels();
  const toggle = (label: string) => {
    const next = labels.includes(label) ? labels.filter((one) => one !== label) : [...labels, label];
    void app.annotating.annotate(subject, { labels: next });
  };
  return (
    <footer class="annotate">
      <select
        aria-label="what is annotated"
        title="the step or the rollout (a)"
        value={app.annotating.ofStep.value ? 'step' : 'rollout'}
        onChange={(event) => {
          app.annotating.ofStep.value = event.currentTarget.value === 'step';
        }}
      >
        <option value="rollout">rollout</option>
        <option value="step">step {app.step.value + 1}</option>
      </select>
      <span class="rating">
        {RATINGS.map((value) => (
          <button
            key={value}
            type="button"
            class={`star ${rating !== null && value <= rating ? 'set' : ''}`}
            aria-label={`${value} of 5`}
            aria-pressed={rating === value}
            title={`${value} of 5 (${value})`}
            onClick={() => void app.annotating.annotate(subject, { rating: rating === value ? null : value })}
          >
            ★
          </button>
        ))}
      </span>
      {[...new Set([...known, ...labels])].map((label) => (
        <button
          key={label}
          type="button"
          class={`chip ${labels.includes(label) ? 'yes' : ''}`}
          aria-pressed={labels.includes(label)}
          onClick={() => toggle(label)}
        >
          {label}
        </button>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const field = event.currentTarget.elements.namedItem('label') as HTMLInputElement;
          const label = field.value.trim();
          if (label !== '' && !labels.includes(label)) toggle(label);
          field.value = '';
        }}
      >
        <input name="label" placeholder="add a label  ( l )" aria-label="add a label" autocomplete="off" />
      </form>
      <input
        name="note"
        class="note"
        placeholder="note  ( m )"
        aria-label="note"
        value={note}
        onChange={(event) => void app.annotating.annotate(subject, { note: event.currentTarget.value })}
      />
    </footer>
  );
}

/** What is said of one step, beside it. */
export function StepMarks({ row, index }: { row: number; index: number }) {
  const app = useApp();
  void app.annotating.count.value;
  const { labels, rating, note } = app.annotating.annotations.get(app.annotating.subjectOf(row, index));
  if (labels.length === 0 && rating === null && note === '') return null;
  return (
    <p class="marks">
      {rating !== null && <span class="rated">{`${'★'.repeat(rating)} ${rating} of 5`}</span>}
      {labels.map((label) => (
        <span key={label} class="chip yes">
          {label}
        </span>
      ))}
      {note}
    </p>
  );
}
