import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extract, languageOf, select } from '../../pkg/dist/index.js';

test('spans cut the code out of the text, whatever stands before it', () => {
  for (const before of ['', 'é', '😀', '漢字 😀\n', '\u2028', 'a\r\n']) {
    const text = `${before}\n\`\`\`python\nprint("😀")\n\`\`\`\nbye`;
    const [block] = extract(text);
    assert.equal(text.slice(block.span.start, block.span.end), '```python\nprint("😀")\n```');
    assert.equal(text.slice(block.codeSpan.start, block.codeSpan.end), block.code);
  }
});

test('a lone surrogate does no harm', () => {
  const [block] = extract('\ud800\n```\nx\n```');
  assert.equal(block.code, 'x\n');
  assert.deepEqual(block.span, { start: 2, end: 11 });
});

test('an untagged block has no language and one in pieces no span for its code', () => {
  const [block] = extract('> ```\n> a\n> b\n> ```');
  assert.deepEqual({ lang: block.lang, info: block.info }, { lang: null, info: '' });
  assert.equal(block.code, 'a\nb\n');
  assert.equal(block.codeSpan, null);
});

test('a text without code has no blocks', () => {
  assert.deepEqual(extract(''), []);
  assert.deepEqual(select([]), []);
});

test('programs are selected by language and choice', () => {
  const blocks = extract('```output\n0\n```\n```ruby\n1\n```\n```JS\n2\n```\n```py\n3\n```\n```\n4\n```\n');
  const codes = (options) => select(blocks, options).map(({ language, code }) => [language, code]);
  const languages = ['python', 'nodejs'];
  assert.deepEqual(codes(), [['ruby', '1\n']]);
  assert.deepEqual(codes({ languages }), [['nodejs', '2\n']]);
  assert.deepEqual(codes({ languages, choice: 'last' }), [['python', '4\n']]);
  assert.deepEqual(codes({ languages: ['py'], choice: 'all' }), [
    ['python', '3\n'],
    ['python', '4\n'],
  ]);
  assert.deepEqual(codes({ languages: ['python'], choice: 'joined' }), [['python', '3\n\n4\n']]);
  assert.deepEqual(codes({ languages: ['python'], choice: 'last', untagged: null }), [['python', '3\n']]);
  assert.throws(() => codes({ choice: 'best' }), {
    name: 'RunError',
    message: 'choice: expected one of first, last, all, joined, found `best`',
  });
});

test('the profiles differ where a repair fires and name it', () => {
  const text = 'Here:```python\nprint(1)```\n';
  assert.deepEqual(extract(text, { profile: 'commonmark' }), []);
  const [block] = extract(text);
  assert.equal(block.code, 'print(1)');
  assert.deepEqual(block.repairs, ['glued_opening', 'glued_closing']);
  assert.deepEqual(extract(text, { repairs: { glued_opening: false } }), []);
  assert.throws(() => extract(text, { profile: 'gfm' }), { name: 'RunError', code: 'invalid_options' });
  assert.throws(() => extract(text, { repairs: { glue: true } }), {
    name: 'RunError',
    code: 'invalid_options',
  });
});

test('indented blocks and line endings are as the options say', () => {
  const text = '    a\r\n    b\r\n';
  assert.deepEqual(extract(text), []);
  assert.equal(extract(text, { indented: true })[0].code, 'a\nb\n');
  assert.equal(extract(text, { indented: true })[0].kind, 'indented');
  assert.equal(extract('```\r\na\r\n```', { lineEndings: 'keep' })[0].code, 'a\r\n');
});

test('languages are known by what people call them', () => {
  assert.equal(languageOf('C++'), 'cpp');
  assert.equal(languageOf('output'), undefined);
});
