import { extract } from '../extract.js';
import { languageOf } from '../select.js';
import type { Block } from '../types.js';
import { readText } from './input.js';

/** `fencerun extract`: the code blocks of a text, as a table or as JSON lines. */
export async function extractCommand(path: string, { json }: { json?: boolean }): Promise<number> {
  const blocks = extract(await readText(path));
  const rows = json ? blocks.map((block) => JSON.stringify(block)) : formatTable(blocks);
  process.stdout.write(rows.map((row) => `${row}\n`).join(''));
  if (blocks.length === 0 && !json) process.stderr.write('no code blocks\n');
  return 0;
}

function formatTable(blocks: readonly Block[]): string[] {
  if (blocks.length === 0) return [];
  const cells = [['#', 'info', 'language', 'span', 'lines', 'closed', 'code'], ...blocks.map(formatRow)];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function formatRow(block: Block, index: number): string[] {
  const lines = block.code === '' ? 0 : block.code.replace(/\n$/, '').split('\n').length;
  const first = block.code.split('\n').find((line) => line.trim() !== '') ?? '';
  return [
    String(index + 1),
    shorten(block.info || '-', 24),
    block.lang === null ? '-' : (languageOf(block.lang) ?? 'unknown'),
    `${block.span.start}-${block.span.end}`,
    String(lines),
    block.closed ? 'yes' : 'no',
    shorten(first.trim(), 48),
  ];
}

/** At most `length` characters, and none that a terminal would obey. */
function shorten(text: string, length: number): string {
  const characters = [...text.replace(/\p{Cc}/gu, ' ')];
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}
