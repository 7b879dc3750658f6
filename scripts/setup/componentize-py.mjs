// componentize-py and the pure Python packages that the Python guest is made from.

import { createHash } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keep } from './keep.mjs';
import { pipInstall, requirePython } from './python.mjs';
import { componentizePy, pythonWheels } from './versions.mjs';

/** The program `componentize-py`, and the folder that holds the packages for the guest. */
export async function prepareComponentizePy() {
  const wheels = Object.entries(pythonWheels).map(([name, version]) => `${name}==${version}`);
  const tool = await keep(`componentize-py-${componentizePy}`, {
    announcement: `installing componentize-py ${componentizePy} (some seconds, once)`,
    async make(folder) {
      const python = requirePython([3, 9]);
      await pipInstall(python, join(folder, 'site'), [`componentize-py==${componentizePy}`]);
      writeStarter(join(folder, 'componentize-py'), python);
    },
  });
  const hash = createHash('sha256').update(wheels.join(' ')).digest('hex').slice(0, 16);
  const site = await keep(`site-${hash}`, {
    announcement: `downloading ${wheels.join(', ')} (some seconds, once)`,
    make: (folder) => pipInstall(requirePython([3, 9]), folder, wheels),
  });
  return { componentizePy: join(tool, 'componentize-py'), sitePackages: site };
}

/** Starts componentize-py from the folder beside itself, wherever the cache is. */
function writeStarter(path, python) {
  writeFileSync(
    path,
    [
      `#!${python}`,
      'import os, sys',
      "sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'site'))",
      'import componentize_py',
      'sys.exit(componentize_py.script())',
      '',
    ].join('\n'),
  );
  chmodSync(path, 0o755);
}
