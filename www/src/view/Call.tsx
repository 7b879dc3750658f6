// A tool call: what it is called, what it gives its tool, and why it is none where it cannot be read.

import type { ShownCall } from '../model/pieces.js';
import { Marked } from './Marked.js';

export function CallTitle({ call: { name, format, fault } }: { call: ShownCall }) {
  return (
    <div class="title">
      <strong>{name || 'tool call'}</strong>
      <span class="facts">{format ?? 'tool call'}</span>
      {fault && <span class="fact">{fault.reason}</span>}
    </div>
  );
}

/** The arguments of a call that has no code; of one that cannot be read, its `text`. */
export function CallBody({ call, text }: { call: ShownCall; text: string }) {
  if (!call.fault) return <CallArguments call={call} />;
  const { reply } = call.fault;
  return (
    <>
      <pre class="plain" tabIndex={0}>
        <Marked text={text} />
      </pre>
      {reply !== null && (
        <p class="reply">
          the model is told: <Marked text={reply} />
        </p>
      )}
    </>
  );
}

/** What the arguments have besides the code. */
export function CallArguments({ call: { others } }: { call: ShownCall }) {
  if (others.length === 0) return null;
  return (
    <dl class="arguments">
      {others.map(([name, value]) => (
        <div key={name}>
          {name !== '' && (
            <dt>
              <Marked text={name} />
            </dt>
          )}
          <dd>
            <Marked text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
