// `fencerun/blocks`: code blocks alone, by a module of their own.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as blocks from '../../pkg/dist/blocks.js';
import * as whole from '../../pkg/dist/index.js';

const { tests } = createRequire(import.meta.url)('commonmark-spec');
const texts = tests.map(({ markdown }) => markdown.replaceAll('→', '\t'));

function stream({ Extractor }, text) {
  const extractor = new Extractor();
  const events = [...text].flatMap((character) => extractor.push(character));
  return [...events, ...extractor.finish()];
}

test('both modules find the same blocks in every example of the specification', () => {
  assert.equal(texts.length, 652);
  for (const text of texts) {
    for (const profile of ['llm', 'commonmark']) {
      const found = blocks.extract(text, { profile, indented: true });
      assert.deepEqual(found, whole.extract(text, { profile, indented: true }), text);
    }
    assert.deepEqual(stream(blocks, text), stream(whole, text), text);
  }
});

test('programs are selected as by the whole package', () => {
  const found = blocks.extract('```output\n0\n```\n```JS\n2\n```\n```\n4\n```\n');
  const [program] = blocks.select(found);
  assert.deepEqual([program.language, program.code], ['nodejs', '2\n']);
  assert.deepEqual(blocks.languages(), whole.languages());
  assert.equal(blocks.languageOf('C++'), 'cpp');
});

test('the profile of a framework is refused, as the module does not have it', () => {
  assert.throws(() => blocks.extract('```\n1\n```', { profile: 'verl/retool' }), {
    name: 'RunError',
    code: 'invalid_options',
    message: 'profile: expected llm or commonmark, found `verl/retool`',
  });
});

test('a tag of two lines names no language and moves no other', () => {
  const found = blocks.extract('```py\n1\n```\n```js\n2\n```\n');
  found[0].lang = 'p\ny';
  assert.deepEqual(
    blocks.select(found).map(({ code }) => code),
    ['2\n'],
  );
});
