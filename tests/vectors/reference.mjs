// The code blocks of a text as commonmark.js, the reference implementation, reads them.

import { Parser } from 'commonmark';

/** Every code block of `text`, in order: `kind`, `info`, `code`, `depth`, and the line and column it starts at, from 1. */
export function readCodeBlocks(text) {
  const blocks = [];
  const walker = new Parser().parse(text).walker();
  let depth = 0;
  for (let event = walker.next(); event; event = walker.next()) {
    const { type, sourcepos } = event.node;
    if (type === 'block_quote' || type === 'item') depth += event.entering ? 1 : -1;
    if (type !== 'code_block') continue;
    const { _isFenced: fenced, info, literal } = event.node;
    const [line, column] = sourcepos[0];
    blocks.push({
      kind: fenced ? 'fenced' : 'indented',
      info: info ?? '',
      code: literal,
      depth,
      line,
      column,
    });
  }
  return blocks;
}
