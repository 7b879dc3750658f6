// Markdown as elements of a closed set; nothing in it becomes active.

import { readMarkdown } from '../generated/viewer_core.js';
import { Code } from './Code.js';
import { Marked } from './Marked.js';

/** As the core's tree has it: a text, or a name, a detail and what is inside. */
type Tree = string | Branch;
type Branch = [name: string, detail: string | null, ...children: Tree[]];

/** A longer text is shown as it is. */
const MAX_CHARS = 300_000;

function textOf(tree: Tree): string {
  if (typeof tree === 'string') return tree;
  const [, , ...children] = tree;
  return children.map(textOf).join('');
}

function show(tree: Tree, key: number) {
  if (typeof tree === 'string') return <Marked key={key} text={tree} />;
  const [name, detail, ...children] = tree;
  switch (name) {
    case 'pre':
      return <Code key={key} code={children.map(textOf).join('')} language={detail} />;
    case 'math':
    case 'mathblock':
      return (
        <code key={key} class={name}>
          {children.map(show)}
        </code>
      );
    case 'a':
      return (
        <a key={key} href={detail ?? ''} target="_blank" rel="noopener noreferrer nofollow">
          {children.map(show)}
        </a>
      );
    case 'input':
      return <input key={key} type="checkbox" checked={detail === 'checked'} disabled aria-label="task" />;
    case 'ol':
      return (
        <ol key={key} start={Number(detail)}>
          {children.map(show)}
        </ol>
      );
    case 'td':
    case 'th': {
      const Cell = name;
      return (
        <Cell key={key} class={detail ?? undefined}>
          {children.map(show)}
        </Cell>
      );
    }
    case 'table':
      return (
        <table key={key}>
          <tbody>{children.map(show)}</tbody>
        </table>
      );
    default: {
      const Element = (ELEMENTS.has(name) ? name : 'span') as 'span';
      return <Element key={key}>{children.map(show)}</Element>;
    }
  }
}

const ELEMENTS = new Set(
  'p h1 h2 h3 h4 h5 h6 blockquote ul li tr em strong del sup sub br hr code div span'.split(' '),
);

/** The tags that chat templates and frameworks put around parts of a text. To Markdown they would begin HTML and swallow what follows. */
const MARKER =
  /(<\/?(?:think(?:ing)?|answer|code|interpreter|tool_calls?|tool_response|observation|output|python|function_calls?|search|result|response|reasoning)>|<\|[^|<>\s]{1,40}\|>)/;

export function Prose({ text }: { text: string }) {
  if (text.trim() === '') return null;
  if (text.length > MAX_CHARS) {
    return (
      <pre class="plain">
        <Marked text={text} />
      </pre>
    );
  }
  return (
    <div class="prose">
      {text.split(MARKER).map((part, index) =>
        index % 2 === 1 ? (
          <span key={index} class="marker">
            {part}
          </span>
        ) : (
          (readMarkdown(part) as Tree[]).map(show)
        ),
      )}
    </div>
  );
}
