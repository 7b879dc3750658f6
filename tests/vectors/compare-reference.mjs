// Compares our code blocks with those of commonmark.js, on generated documents or on the Markdown
// files of folders.
//
//     node tests/vectors/compare-reference.mjs [number | folder ...]
//
// Needs the npm package `commonmark` 0.31.2. Prints the disagreements and exits with 1 if there are any
// but the one that is explained below.

import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readCodeBlocks } from './reference.mjs';

function findMarkdown(folder) {
  const names = readdirSync(folder, { recursive: true });
  return names.filter((name) => /\.(md|markdown)$/i.test(name)).map((name) => join(folder, name));
}

const [first = '100000', ...others] = process.argv.slice(2);
const documents = /^\d+$/.test(first) ? first : [first, ...others].flatMap(findMarkdown).join('\n');
const folder = mkdtempSync(join(tmpdir(), 'fencerun-'));
const file = join(folder, 'documents.jsonl');
const name = 'write_documents_for_the_reference';
const { status } = spawnSync(
  'cargo',
  ['test', '--release', '--test', 'markdown_differential', '--', '--ignored', '--exact', name],
  {
    env: { ...process.env, FENCERUN_DOCUMENTS: documents, FENCERUN_DOCUMENTS_FILE: file },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
if (status !== 0) process.exit(status ?? 1);

// The one known difference: in a list item the reference drops the white space of a blank line of
// code, of which the item's indentation is only a part (`tests/markdown_disagreements.rs`).
const emptyBlankLines = (block) => ({ ...block, code: block.code.replaceAll(/^[ \t]+$/gm, '') });

let compared = 0;
let blankLines = 0;
let blocks = 0;
let different = 0;
for await (const line of createInterface({ input: createReadStream(file) })) {
  const { text, blocks: ours } = JSON.parse(line);
  // For the reference, a carriage return at the end of a text is followed by one more line.
  const theirs = readCodeBlocks(text.replaceAll(/\r\n?/g, '\n'));
  compared += 1;
  blocks += theirs.length;
  const fields = (list) => JSON.stringify(list.map(({ kind, info, code }) => [kind, info, code]));
  if (fields(ours) === fields(theirs)) continue;
  if (fields(ours.map(emptyBlankLines)) === fields(theirs.map(emptyBlankLines))) {
    blankLines += 1;
  } else {
    different += 1;
    if (different <= 20) {
      console.log(`${JSON.stringify(text)}\n  ours   ${fields(ours)}\n  theirs ${fields(theirs)}`);
    }
  }
}
rmSync(folder, { recursive: true });
console.log(
  `${compared} documents, ${blocks} code blocks, ${different} disagreements, ${blankLines} about blank lines in list items`,
);
process.exit(different === 0 ? 0 : 1);
