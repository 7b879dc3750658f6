// Tables of Markdown, and their places in the README.

/** A row for each result: `works`, or `fails`. */
export function describeTable(results) {
  const rows = results.map(({ row, failure }) => `| ${row} | ${failure ? 'fails' : 'works'} |`);
  return ['| where | |', '| --- | --- |', ...rows].join('\n');
}

/** `text` with the table between the comments `<!-- NAME -->` and `<!-- /NAME -->` exchanged for `table`. */
export function replaceTable(text, name, table) {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const [before, rest] = splitOnce(text, start);
  const [, after] = splitOnce(rest, end);
  return `${before}${start}${table}${end}${after}`;
}

/** The table between the comments of `name`. */
export function readTable(text, name) {
  return splitOnce(splitOnce(text, `<!-- ${name} -->\n`)[1], `\n<!-- /${name} -->`)[0];
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  if (at === -1) throw new Error(`the text lacks ${mark.trim()}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
