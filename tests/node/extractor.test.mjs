// The law of streaming, over the boundary: any split of a text gives the same as the whole text.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeRandom } from '../../benches/texts.mjs';
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

for (const options of ['llm', 'commonmark'].flatMap((profile) => [
  { profile },
  { profile, indented: true },
])) {
  test(`any split gives the blocks and events of the whole text: ${JSON.stringify(options)}`, () => {
    for (const text of texts) {
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

/** Chunks that matter, and chunks that do not. */
const pieces = [
  ...[
    'text ',
    '\n',
    '\n',
    '\n\n',
    'a',
    ' ',
    '\t',
    '    ',
    '`',
    '``',
    '```',
    '```\n',
    '~~~\n',
    '```py\n',
    '```',
    '> ',
    '- ',
  ],
  ...[
    '"""',
    "'",
    '#',
    '\\',
    '\r',
    '\r\n',
    '\0',
    '漢字',
    '😀',
    '\ud83d',
    '\ude00',
    '{r}',
    '<b>\n',
    '<!--',
    ':',
    '&amp;',
  ],
];

/** Lists of chunks, the same ones every time. */
function* composeChunks(count) {
  const random = makeRandom(5);
  const piece = () => pieces[random(pieces.length)];
  for (let index = 0; index < count; index++) {
    const start = random(2) === 0 ? ['```py\n'] : [];
    yield [...start, ...Array.from({ length: 1 + random(14) }, piece)];
  }
}

// Chunks are looked at in TypeScript while they are short; a long line before them takes all to the core.
const LONG = `${'long '.repeat(20)}\n\n`;

test('chunks of any pieces give the blocks of the whole text', () => {
  for (const chunks of composeChunks(40_000)) {
    const text = chunks.join('');
    assert.deepEqual(blocksOf(stream(chunks)), extract(text), JSON.stringify(chunks));
    assert.deepEqual(stream([LONG, ...chunks]), stream([LONG + text]), JSON.stringify(chunks));
  }
});

test('what has been told is what the text so far makes certain, however it was cut', () => {
  const codeOf = (events) => events.map(({ code = '' }) => code).join('');
  for (const chunks of composeChunks(4_000)) {
    const extractor = new Extractor();
    let [told, text] = [codeOf(extractor.push(LONG)), LONG];
    for (const chunk of chunks) {
      told += codeOf(extractor.push(chunk));
      text += chunk;
      const whole = new Extractor();
      assert.equal(told, codeOf(whole.push(text)), JSON.stringify(chunks));
      whole.free();
    }
    extractor.free();
  }
});

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
