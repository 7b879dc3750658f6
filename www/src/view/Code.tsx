// Code with its words coloured.

import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import { createLowlight } from 'lowlight';
import { Marked } from './Marked.js';

const lowlight = createLowlight({
  bash,
  cpp,
  csharp,
  go,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
});
lowlight.registerAlias({
  javascript: ['nodejs', 'js'],
  bash: ['sh', 'shell'],
  python: ['py', 'python3', 'pytest', 'ipython'],
});

/** Colouring is not worth its time on longer code. */
const MAX_CHARS = 100_000;

interface Coloured {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: Coloured[];
}

function show(node: Coloured, key: number) {
  if (node.type === 'text') return <Marked key={key} text={node.value ?? ''} />;
  const classes = node.properties?.className;
  return (
    <span key={key} class={Array.isArray(classes) ? classes.join(' ') : undefined}>
      {node.children?.map(show)}
    </span>
  );
}

export function Code({ code, language }: { code: string; language: string | null }) {
  const name = language?.toLowerCase() ?? '';
  const isColoured = code.length <= MAX_CHARS && lowlight.registered(name);
  const tree = isColoured ? (lowlight.highlight(name, code).children as Coloured[]) : null;
  return (
    <pre class="code" tabIndex={0}>
      <code>{tree ? tree.map(show) : <Marked text={code} />}</code>
    </pre>
  );
}
