// Writes commonmark-0.31.2.json: the code blocks of every example of the CommonMark
// specification, as the reference implementation reads them. Nothing of ours takes part.
//
//     node tests/vectors/generate-commonmark.mjs && npx biome format --write tests/vectors/commonmark-0.31.2.json
//
// Needs the npm packages `commonmark` and `commonmark-spec`, both 0.31.2. The texts of the examples
// are not copied: the test reads them from `commonmark-spec`.

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readCodeBlocks } from './reference.mjs';

const require = createRequire(import.meta.url);
const { tests } = require('commonmark-spec');

const examples = tests.map(({ markdown, number, section }) => {
  const text = markdown.replaceAll('→', '\t');
  const blocks = readCodeBlocks(text).map(({ kind, info, code }) => ({ kind, info, code }));
  return { number, section, bytes: Buffer.byteLength(text), blocks };
});

const lines = examples.map((example) => `    ${JSON.stringify(example)}`);
const file = `{
  "source": "the examples of CommonMark 0.31.2, read by commonmark.js 0.31.2",
  "examples": [
${lines.join(',\n')}
  ]
}
`;
writeFileSync(new URL('commonmark-0.31.2.json', import.meta.url), file);
console.log(`${examples.length} examples`);
