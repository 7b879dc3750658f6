// The law of streaming, over the boundary: any split of a text gives the same as the whole text.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Extractor, extract } from '../../pkg/dist/index.js';

const shapes = JSON.parse(readFileSync(new URL('../vectors/shapes.json', import.meta.url), 'utf8'));
const texts = [
  ...shapes.map((shape) => shape.text),
  'é😀 `a`\r\n> 1. ```py\r\n>    ü = "😀"\r\n>    ```\n漢字 ~~~ruby\n```\nsee &ouml; \\`\n',
  `${'😀'.repeat(50)}\n\`\`\`😀 é\n漢\n😀\ud800\n\`\`\`\n\ud83d`,
  '```{python}\ns = """\n```\n"""\n```\nafter',
];

/** The events of a text that arrives in these chunks, with the pieces of code joined. */
function stream(chunks, options) {
  const extractor = new Extractor(options);
  const events = [...chunks.flatMap((chunk) => extractor.push(chunk)), ...extractor.finish()];
  extractor.free();
  return events.reduce((joined, event) => {
    const last = joined.at(-1);
    if (event.type === 'code' && last?.type === 'code') last.code += event.code;
    else joined.push({ ...event });
    return joined;
  }, []);
}

const blocksOf = (events) => events.filter(({ type }) => type === 'close').map(({ block }) => block);

for (const profile of ['llm', 'commonmark']) {
  test(`any split gives the blocks and events of the whole text: ${profile}`, () => {
    for (const text of texts) {
      const options = { profile, indented: true };
      const whole = stream([text], options);
      assert.deepEqual(blocksOf(whole), extract(text, options), JSON.stringify(text));
      for (let cut = 0; cut <= text.length; cut++) {
        assert.deepEqual(
          stream([text.slice(0, cut), text.slice(cut)], options),
          whole,
          `${JSON.stringify(text)} at ${cut}`,
        );
      }
      assert.deepEqual(stream(text.split(''), options), whole, `${JSON.stringify(text)} by units`);
    }
  });
}

test('what is certain is told at once', () => {
  const extractor = new Extractor();
  assert.deepEqual(extractor.push('So:\n```py'), []);
  const [open, ...first] = extractor.push('thon\npri');
  assert.deepEqual(open, { type: 'open', kind: 'fenced', lang: 'python', info: 'python', at: 4, depth: 0 });
  assert.deepEqual(first, [{ type: 'code', code: 'pri' }]);
  assert.deepEqual(extractor.push('nt(1) # m'), [{ type: 'code', code: 'nt(1) # m' }]);
  assert.deepEqual(extractor.push('ore\n'), [{ type: 'code', code: 'ore\n' }]);
  const [close] = extractor.push('```\n').filter(({ type }) => type === 'close');
  assert.equal(close.block.code, 'print(1) # more\n');
  assert.deepEqual(extractor.finish(), []);
});

test('an extractor starts over after a text, and says when it has been freed', () => {
  const extractor = new Extractor();
  extractor.push('```\nx');
  assert.equal(blocksOf(extractor.finish())[0].code, 'x');
  assert.deepEqual(blocksOf([...extractor.push('```\ny\n```\n')])[0].span, { start: 0, end: 9 });
  extractor.free();
  extractor.free();
  assert.throws(() => extractor.push('x'), { name: 'RunError', message: 'the extractor has been freed' });
});
