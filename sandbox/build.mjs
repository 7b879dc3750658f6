// Builds fencerun-sandbox. In: the sources, componentize-py and a directory with sympy and mpmath. Out: dist/.
//
//   node sandbox/build.mjs --componentize-py BIN --site-packages DIR [--out DIR] [--only code|guest]

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildCode } from './build/code.mjs';
import { buildGuest } from './build/guest.mjs';

export { buildCode, buildGuest };

const USAGE =
  'usage: node sandbox/build.mjs --componentize-py BIN --site-packages DIR [--out DIR] [--only code|guest]';

async function main() {
  const { values } = parseArgs({
    options: {
      'componentize-py': { type: 'string', default: process.env.COMPONENTIZE_PY },
      'site-packages': { type: 'string', default: process.env.SANDBOX_SITE_PACKAGES },
      out: { type: 'string', default: fileURLToPath(new URL('dist', import.meta.url)) },
      only: { type: 'string' },
    },
  });
  if (values.only !== 'guest') await buildCode({ outDir: values.out });
  if (values.only === 'code') return;
  if (!values['componentize-py'] || !values['site-packages']) throw new Error(USAGE);
  await buildGuest({
    componentizePy: values['componentize-py'],
    sitePackages: values['site-packages'],
    outDir: values.out,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
