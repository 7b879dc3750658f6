// How long a program waits for its first extraction: from before the import to after the call, in a fresh process each time. A plain
// text needs no core; a fence in a quote does, so that the bytes of the module are decoded, compiled and started.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const runs = 21;
const entry = (file) => JSON.stringify(fileURLToPath(new URL(`../pkg/dist/${file}`, import.meta.url)));
const texts = {
  'a plain text': '```python\nprint(1)\n```\n',
  'a fence in a quote': '> ```python\n> print(1)\n> ```\n',
};
const measure = (load, text) => `const start = performance.now();
${load}
const loaded = performance.now();
extract(${JSON.stringify(text)});
console.log(loaded - start, performance.now() - loaded);`;

const programs = {
  'ES modules': ['--input-type=module', `const { extract } = await import(${entry('index.js')});`],
  CommonJS: ['--input-type=commonjs', `const { extract } = require(${entry('index.cjs')});`],
};

console.log(`Node ${process.versions.node}, median and fastest of ${runs} processes, in ms`);
for (const [title, [type, load]] of Object.entries(programs)) {
  for (const [kind, text] of Object.entries(texts)) {
    const times = Array.from({ length: runs }, () => {
      const args = [type, '--eval', measure(load, text)];
      const answer = execFileSync(process.execPath, args, { encoding: 'utf8' });
      return answer.trim().split(' ').map(Number);
    });
    const [imported, call] = [0, 1].map((index) => median(times.map((time) => time[index])).toFixed(1));
    const totals = times.map(([one, other]) => one + other);
    const fastest = Math.min(...totals).toFixed(1);
    console.log(
      `${title}, ${kind}: ${median(totals).toFixed(1)}, ${fastest} (import ${imported}, first call ${call})`,
    );
  }
}

function median(values) {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
