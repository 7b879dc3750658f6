// The code blocks of a text as commonmark.js, the reference implementation, reads them.

import { Parser } from 'commonmark';

/** Every code block of `text`, in order: `kind`, `info` and `code`. */
export function readCodeBlocks(text) {
  const blocks = [];
  const walker = new Parser().parse(text).walker();
  for (let event = walker.next(); event; event = walker.next()) {
    if (event.node.type === 'code_block') {
      const { _isFenced: fenced, info, literal } = event.node;
      blocks.push({ kind: fenced ? 'fenced' : 'indented', info: info ?? '', code: literal });
    }
  }
  return blocks;
}
