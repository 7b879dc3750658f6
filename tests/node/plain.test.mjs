import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../../benches/texts.mjs';
import { Extractor, extract } from '../../pkg/dist/index.js';

// Plain texts are read without the core (`js/src/plain.ts`). The extractor asks the core whatever the text, and says what
// the blocks are. The seeds are fixed.

/** The blocks that the core finds. */
function extractByCore(text, options) {
  const extractor = new Extractor(options);
  const events = [...extractor.push(text), ...extractor.finish()];
  extractor.free();
  return events.filter(({ type }) => type === 'close').map(({ block }) => block);
}

/** Whole lines that are plain, so that whole documents of them are too. */
const PLAIN = [
  'text\n',
  '\n',
  '- item\n',
  '1. item\n',
  '> quote\n',
  '# heading\n',
  '`f(x)` and ``g``\n',
  '漢字 😀\n',
  '    indented\n',
  'a < b <c>\n',
  '\t<b>\n\n',
  '```python\nprint(1)\n```\n',
  '```\n```\n',
  '```c++\n漢 é 😀\n\n```\n',
  '```python\ns = """a\nb"""\n```\n',
  "```python\n'''a\n```\n'''\n```\n",
];

/** And pieces that break everything. */
const PIECES = [
  ...PLAIN,
  '```',
  '```js\n',
  '\n```\n',
  '~~~\n',
  '````\n',
  '``` \n',
  '```py a```',
  '`',
  '~',
  '<',
  '<div>\n',
  '</script>\n',
  '<pre>\n',
  '  <!-- a\n',
  '-->\n',
  '<?',
  '<think>\n',
  '   ',
  '  ',
  '\t',
  '>',
  '> ',
  '- ',
  '1. ',
  '\r',
  '\r\n',
  '\0',
  '\ud800',
  '\udc00',
  '\ufeff',
  '\u2028',
  '\\',
  '&amp;',
  '{python}',
  '"',
  "'",
  '"""',
  "'''",
  '#',
  ':',
  '[a]: /u "\n',
  'é',
  '漢',
];

function* compose(pieces, count, seed) {
  const random = makeRandom(seed);
  for (let index = 0; index < count; index++) {
    const length = 1 + random(12);
    let text = '';
    for (let part = 0; part < length; part++) text += pieces[random(pieces.length)];
    yield text;
  }
}

function assertSame(text, options) {
  const [found, expected] = [extract(text, options), extractByCore(text, options)];
  assert.deepEqual(found, expected, `${JSON.stringify(text)} ${JSON.stringify(options)}`);
}

test('documents of plain lines have the blocks that the core finds', () => {
  for (const text of compose(PLAIN, 20_000, 1)) assertSame(text);
});

test('documents of any pieces have the blocks that the core finds', () => {
  for (const text of compose(PIECES, 60_000, 2)) assertSame(text);
});

test('so they have by the options of CommonMark', () => {
  for (const text of compose(PIECES, 20_000, 3)) assertSame(text, { profile: 'commonmark' });
  for (const text of compose(PIECES, 20_000, 4)) assertSame(text, { lineEndings: 'keep' });
});
