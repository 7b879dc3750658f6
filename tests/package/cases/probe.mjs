// The program that every case runs, and what it prints: a block as CommonMark has it.

/** What the probe prints. */
export const answer = '["python","print(1)\\n"]';

const work = `const [block] = extract('So:\\n\`\`\`python\\nprint(1)\\n\`\`\`\\n');
const answer = JSON.stringify([block.lang, block.code]);`;

/** The probe as an ES module. */
export const probe = `import { extract } from 'fencerun';
${work}
console.log(answer);
`;

/** The probe in CommonJS. */
export const probeCommonJs = `const { extract } = require('fencerun');
${work}
console.log(answer);
`;

/** The probe in a page: its answer becomes the text of the page. */
export const probePage = `import { extract } from 'fencerun';
${work}
document.body.textContent = answer;
`;

/** The probe as a function \`ask\` to be called. */
export const probeFunction = `import { extract } from 'fencerun';
export function ask() {
${work}
return answer;
}
`;
