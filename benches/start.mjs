// How long a program waits for its first extraction: from before the import to after the call, in a fresh process each time.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const runs = 21;
const entry = (file) => JSON.stringify(fileURLToPath(new URL(`../pkg/dist/${file}`, import.meta.url)));
const measure = (load) => `const start = performance.now();
${load}
const loaded = performance.now();
extract('\`\`\`python\\nprint(1)\\n\`\`\`\\n');
console.log(loaded - start, performance.now() - loaded);`;

const programs = {
  'ES modules': ['--input-type=module', `const { extract } = await import(${entry('index.js')});`],
  CommonJS: ['--input-type=commonjs', `const { extract } = require(${entry('index.cjs')});`],
};

console.log(`Node ${process.versions.node}, median and fastest of ${runs} processes, in ms`);
for (const [title, [type, load]] of Object.entries(programs)) {
  const times = Array.from({ length: runs }, () => {
    const answer = execFileSync(process.execPath, [type, '--eval', measure(load)], { encoding: 'utf8' });
    return answer.trim().split(' ').map(Number);
  });
  const [imported, call] = [0, 1].map((index) => median(times.map((time) => time[index])));
  const totals = times.map(([one, other]) => one + other);
  const fastest = Math.min(...totals).toFixed(1);
  console.log(
    `${title}: ${median(totals).toFixed(1)}, ${fastest} (import ${imported.toFixed(1)}, first call ${call.toFixed(1)})`,
  );
}

function median(values) {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
