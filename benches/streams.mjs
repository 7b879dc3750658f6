// Streaming peers: each takes a list of chunks and gives the number of code blocks it finds.

import { createIncremarkParser } from '@incremark/core';
import { marked } from 'marked';
import * as streamingMarkdown from 'streaming-markdown';
import { Extractor } from '../pkg/dist/index.js';

function countOurs(chunks) {
  const extractor = new Extractor();
  let count = 0;
  const take = (events) => {
    for (const { type } of events) if (type === 'close') count += 1;
  };
  for (const chunk of chunks) take(extractor.push(chunk));
  take(extractor.finish());
  extractor.free();
  return count;
}

function countStreamingMarkdown(chunks) {
  let count = 0;
  const { CODE_FENCE } = streamingMarkdown;
  const renderer = {
    data: {},
    add_token: (_, type) => {
      if (type === CODE_FENCE) count += 1;
    },
    end_token: () => {},
    add_text: () => {},
    set_attr: () => {},
  };
  const parser = streamingMarkdown.parser(renderer);
  for (const chunk of chunks) streamingMarkdown.parser_write(parser, chunk);
  streamingMarkdown.parser_end(parser);
  return count;
}

function countIncremark(chunks) {
  const parser = createIncremarkParser();
  for (const chunk of chunks) parser.append(chunk);
  parser.finalize();
  return parser.getAst().children.filter(({ type }) => type === 'code').length;
}

function countRelexed(chunks) {
  let text = '';
  let tokens = [];
  for (const chunk of chunks) {
    text += chunk;
    tokens = marked.lexer(text);
  }
  return tokens.filter(({ type }) => type === 'code').length;
}

export const streams = {
  fencerun: countOurs,
  'streaming-markdown 0.2': countStreamingMarkdown,
  '@incremark/core 0.3': countIncremark,
  'marked, lexed again with every chunk': countRelexed,
};
