// Documents for comparing parsers: generated ones, the same for the same seed, and the Markdown files of folders.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../benches/texts.mjs';

/** What may stand before the content of a line, none of it most of the time. */
const PREFIXES = [
  '',
  '',
  '',
  '',
  '',
  '',
  '',
  '',
  ' ',
  '   ',
  '    ',
  '      ',
  '\t',
  ' \t',
  '  \t',
  '\u00a0',
  '> ',
  '>',
  '>\t',
  '- ',
  '-\t',
  '*   ',
  '+     ',
  '1. ',
  '2) ',
  '10. ',
  '-',
];

/** Contents of lines: every construct that opens, closes, hides or goes on around code. */
const CONTENTS = [
  '',
  '',
  '',
  ' ',
  '\t',
  'text',
  'text',
  'text',
  '漢字 😀',
  'é',
  '\u00a0',
  '\u2028',
  'a\u2028```',
  '\0',
  '\f',
  '```',
  '```',
  '```',
  '```',
  '```python',
  '```c++',
  '``` py x',
  '```{r}',
  '```\t',
  '``` a`b',
  '```a```',
  '``',
  '````',
  '`````',
  '~~~',
  '~~~',
  '~~~~ js',
  '~~~ `a`',
  '~~',
  '```漢',
  '``` a&amp;b\\*',
  '```\u00a0',
  '```\ud800',
  'a\ud800b',
  '# heading',
  '#no',
  '#',
  '---',
  '--',
  '===',
  '=',
  '***',
  '- - -',
  '- a',
  '+',
  '*',
  '1.',
  '3. a',
  '0) a',
  '<script>',
  '</script>',
  '<pre',
  '</pre>',
  '<style>',
  '<textarea>',
  '<!-- c',
  'c -->',
  '<!-->',
  '<?php',
  '?>',
  '<!X',
  '<!',
  '<![CDATA[',
  ']]>',
  '<div>',
  '</div>',
  '<div',
  '<summary/>',
  '<think>',
  '</think>',
  '<a b="c">',
  '<a b> c',
  '<a',
  '<',
  'a <div>',
  '<http://a.b>',
  '<1>',
  '\u00a0<div>',
  '<section',
  '<table',
  '<primer>',
  '[a]: /url',
  '[a]:',
  '/url "title"',
  '"title"',
  "[b]: <u> 't",
  "t'",
  '[c',
  ']: /u',
  '[d]: u (',
  ')',
  '[e] a',
  '"""',
  "'''",
  "s = '''a",
  'a\\',
  '&#96;&#96;&#96;',
  '\\```',
  '`a` ```',
  '    code',
  '\tcode',
  '\ufeff```',
];

const ENDINGS = [
  '\n',
  '\n',
  '\n',
  '\n',
  '\n',
  '\n',
  '\n',
  '\n\n',
  '\n\n',
  ' \n',
  '\n \n',
  '\n\n\n',
  '\r\n',
  '\r',
];

/** Whole parts of texts as most models write them. */
const PARTS = [
  'text\n',
  'text\n\n',
  '\n',
  '- item\n',
  '1. item\n\n',
  '> quote\n',
  '# heading\n',
  'a < b <c>\n',
  '漢字 😀\n',
  '    indented\n',
  '- item\n\n  ',
  '<b>bold</b>\n',
  '<think>\ntext\n</think>\n\n',
  '<!-- c -->\n',
  '[a]: /u "\n',
  '```python\nprint(1)\n```\n',
  '```\n\n```\n',
  '```c++\n漢 é 😀\n\n```\n',
  '```py\ns = """a\nb"""\n```\n\n',
  '```js\na',
  '\n```',
  "```\n'''\n```\n",
  '```\na\n````\n',
  '<pre>\n',
  '<pre>\n\n',
  '  <script>\n\n',
  '<!-- c\n\n',
  '<?php\n\n',
  '<!X\n\n',
  '<div>\n',
  '<div>\n\n',
  '<a b="c">\n',
  'text\n<a>\n',
  '- <pre>\n\n',
  '> <!-- c\n\n',
  'text <pre>\n\n',
  '\u00a0<pre>\n\n',
  '\u2028\n',
  '[b]:\n',
  'text\n===\n',
  '```\n\0\n```\n',
  '```\n\ud800\n```\n',
  ' ```\n',
];

/** A document of up to sixteen lines, or parts of a model output, with the line endings of one system or of many. */
export function* generateDocuments(count, seed) {
  const random = makeRandom(seed);
  const pick = (list) => list[random(list.length)];
  for (let index = 0; index < count; index++) {
    let text = random(24) === 0 ? '\ufeff' : '';
    if (random(400) === 0) text += `${pick(PREFIXES)}${'text `a` '.repeat(8_000)}\n`;
    const mixed = random(4) === 0;
    const length = 1 + random(16);
    for (let line = 0; line < length; line++) {
      if (index % 4 === 0) {
        text += pick(PARTS);
        continue;
      }
      for (let depth = random(4); depth > 0; depth--) text += pick(PREFIXES);
      text += pick(CONTENTS) + ENDINGS[random(mixed ? ENDINGS.length : ENDINGS.length - 2)];
    }
    yield random(4) === 0 ? text.replace(/[\r\n]+$/, '') : text;
  }
}

/** The Markdown files in a folder and the folders in it, in the order of their paths: `path` and `text`. */
export function* readMarkdownFiles(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(md|markdown)$/i.test(entry.name));
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  for (const path of paths) yield { path, text: readFileSync(path, 'utf8') };
}
