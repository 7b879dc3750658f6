// The peers: each as a function from a text to the number of code blocks it finds.

import { parser as lezer } from '@lezer/markdown';
import { Parser } from 'commonmark';
import MarkdownIt from 'markdown-it';
import { marked } from 'marked';
import { fromMarkdown } from 'mdast-util-from-markdown';

const markdownIt = new MarkdownIt();
const commonmark = new Parser();

function countMarked(text) {
  let count = 0;
  marked.walkTokens(marked.lexer(text), (token) => {
    if (token.type === 'code') count += 1;
  });
  return count;
}

function countCommonmark(text) {
  let count = 0;
  const walker = commonmark.parse(text).walker();
  for (let event = walker.next(); event; event = walker.next()) {
    if (event.node.type === 'code_block') count += 1;
  }
  return count;
}

function countMdast(node) {
  if (node.type === 'code') return 1;
  return (node.children ?? []).reduce((count, child) => count + countMdast(child), 0);
}

function countLezer(text) {
  let count = 0;
  lezer.parse(text).iterate({
    enter: (node) => {
      if (node.name === 'FencedCode') count += 1;
    },
  });
  return count;
}

export const peers = {
  '/```python(.*?)```/gs': (text) => [...text.matchAll(/```python(.*?)```/gs)].length,
  'line-anchored regex': (text) => [...text.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```/gm)].length,
  'commonmark 0.31.2': countCommonmark,
  'marked 18': countMarked,
  'markdown-it 15': (text) => markdownIt.parse(text, {}).filter(({ type }) => type === 'fence').length,
  '@lezer/markdown 1.8': countLezer,
  'mdast-util-from-markdown 2': (text) => countMdast(fromMarkdown(text)),
};
