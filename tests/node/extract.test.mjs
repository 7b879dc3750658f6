import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extract, languageOf, selectBlock } from '../../pkg/dist/index.js';

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
  assert.equal(selectBlock('no code', ['python']), undefined);
});

test('the first block in a language of the sandbox is selected', () => {
  const text = '```output\n0\n```\n```ruby\n1\n```\n```JS\n2\n```\n```py\n3\n```\n';
  const { block, language } = selectBlock(text, ['python', 'nodejs']);
  assert.equal(language, 'nodejs');
  assert.equal(block.code, '2\n');
  assert.equal(selectBlock(text, ['python']).block.code, '3\n');
});

test('languages are known by what people call them', () => {
  assert.equal(languageOf('C++'), 'cpp');
  assert.equal(languageOf('output'), undefined);
});
