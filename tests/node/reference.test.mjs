import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { extract } from '../../pkg/dist/index.js';
import { generateDocuments, readMarkdownFiles } from '../vectors/documents.mjs';
import { readCodeBlocks } from '../vectors/reference.mjs';

// By the `commonmark` profile a text has the blocks that commonmark.js, the reference implementation, finds in it.
// Each text is read twice: with indented code by the core alone, without it perhaps by `js/src/plain.ts`.

/** How many documents are generated; for a longer run set another number. */
const documents = Number(process.env.FENCERUN_DOCUMENTS ?? 20_000);
/** The most UTF-16 units that are read of the files of one folder, and of one file: seconds of work for both parsers. */
const folderUnits = 8 << 20;
const fileUnits = 256 << 10;

const repository = join(import.meta.dirname, '..', '..');
const registry = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry', 'src');

/** What commonmark.js reads differently from CommonMark 0.31.2: the sentence that decides, and what it decides. */
const MISREADINGS = [
  {
    rule: 'section 2.1: a blank line has "no characters, or [...] only spaces or tabs", so no form feed',
    text: 'a\n+     \f\n',
    blocks: [['indented', '', '\f\n']],
  },
  {
    rule: 'section 4.5: only "leading and trailing spaces or tabs" are no part of an info string',
    text: '```\u00a0\n```\n',
    blocks: [['fenced', '\u00a0', '']],
  },
  {
    rule: 'section 5.2: of the lines of a list item its indentation is removed, of blank ones no more either',
    text: '- ```\n  a\n      \n  b\n  ```\n',
    blocks: [['fenced', '', 'a\n    \nb\n']],
  },
];

/** A text without form feeds and vertical tabs, which make lines blank for commonmark.js. */
const avoidFeeds = (text) => text.replaceAll(/[\f\v]/g, 'f');
/** An info string without the white space that commonmark.js removes from its ends. */
const trimInfo = ({ info }) => info.trim();
/** Code in containers without the white space of blank lines. */
const emptyBlankLines = ({ code, depth }) => (depth === 0 ? code : code.replaceAll(/^[ \t]+$/gm, ''));

/** A text as the reference expects it: the byte order mark and the kinds of line endings are for who reads the file. */
function decode(text) {
  return text
    .replace(/^\ufeff/, '')
    .replaceAll(/\r\n?/g, '\n')
    .toWellFormed();
}

/** The places in `text` where its lines start. */
function findLines(text) {
  return [0, ...Array.from(text.matchAll(/\r\n?|\n/g), ({ index, 0: ending }) => index + ending.length)];
}

/** Checks one text and returns how many blocks it has. */
function assertAgrees(original, name) {
  const text = avoidFeeds(original);
  const all = readCodeBlocks(decode(text));
  const lines = findLines(text);
  const isCut = !/[\r\n]$/.test(text);
  const startOf = ({ line, column }) =>
    lines[line - 1] + column - 1 + (line === 1 && text[0] === '\ufeff' ? 1 : 0);
  for (const indented of [false, true]) {
    const theirs = all.filter(({ kind }) => indented || kind === 'fenced');
    const ours = extract(text, { profile: 'commonmark', indented });
    const found = ours.map((block, index) => {
      // For the reference the end of the text ends the last line of code, too, be it empty after its prefix.
      const ended = `${block.code}\n`;
      const isLast =
        isCut && /^[ \t>\r\n]*$/.test(text.slice(block.span.end)) && theirs[index]?.code === ended;
      const code = emptyBlankLines({ ...block, code: isLast ? ended : block.code });
      const start = block.kind === 'fenced' ? block.span.start : null;
      return [block.kind, trimInfo(block), code, block.depth, start];
    });
    const expected = theirs.map((block) => {
      const start = block.kind === 'fenced' ? startOf(block) : null;
      return [block.kind, trimInfo(block), emptyBlankLines(block), block.depth, start];
    });
    assert.deepEqual(found, expected, `${name ?? JSON.stringify(text)}, indented: ${indented}`);
  }
  return all.length;
}

/** Checks the Markdown files of a folder, as many as fit, and says how many there were. */
function assertFilesAgree(folder, context) {
  let units = 0;
  let files = 0;
  let blocks = 0;
  for (const { path, text } of readMarkdownFiles(folder)) {
    if (text.length > fileUnits || units + text.length > folderUnits) continue;
    units += text.length;
    files += 1;
    blocks += assertAgrees(text, path);
  }
  context.diagnostic(`${files} files, ${units} characters, ${blocks} code blocks`);
}

for (const { rule, text, blocks } of MISREADINGS) {
  test(`commonmark.js differs where the specification decides: ${rule}`, () => {
    const fields = ({ kind, info, code }) => [kind, info, code];
    assert.deepEqual(extract(text, { profile: 'commonmark', indented: true }).map(fields), blocks);
    assert.notDeepEqual(readCodeBlocks(text).map(fields), blocks, 'commonmark.js agrees now');
  });
}

test('generated documents have the code blocks that the reference implementation finds', () => {
  let blocks = 0;
  for (const text of generateDocuments(documents, 7)) blocks += assertAgrees(text);
  assert.ok(blocks > documents / 2, `only ${blocks} blocks in ${documents} documents`);
});

test('so have the Markdown files of the npm packages', (context) => {
  assertFilesAgree(join(repository, 'node_modules'), context);
});

test('so have those of the crates', {
  skip: !existsSync(registry) && 'no crates on this machine',
}, (context) => {
  assertFilesAgree(registry, context);
});
