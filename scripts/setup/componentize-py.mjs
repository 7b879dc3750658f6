// componentize-py and the pure Python packages that the Python guest is made from.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, runLogged } from './command.mjs';
import { keep } from './keep.mjs';
import { CannotGoOn } from './program.mjs';
import { componentizePy, pythonWheels } from './versions.mjs';

/** The program `componentize-py`, and the folder that holds the packages for the guest. */
export async function prepareComponentizePy() {
  const wheels = Object.entries(pythonWheels).map(([name, version]) => `${name}==${version}`);
  const tool = await keep(`componentize-py-${componentizePy}`, {
    announcement: `installing componentize-py ${componentizePy} (some seconds, once)`,
    async make(folder) {
      const python = requirePython();
      await pipInstall(python, join(folder, 'site'), [`componentize-py==${componentizePy}`]);
      writeStarter(join(folder, 'componentize-py'), python);
    },
  });
  const site = await keep(`site-${Object.entries(pythonWheels).flat().join('-')}`, {
    announcement: `downloading ${wheels.join(' and ')} (some seconds, once)`,
    make: (folder) => pipInstall(requirePython(), folder, wheels),
  });
  return { componentizePy: join(tool, 'componentize-py'), sitePackages: site };
}

function requirePython() {
  if (process.platform === 'win32') {
    throw new CannotGoOn('the Python guest of the sandbox is built on Linux and macOS only: build in WSL');
  }
  for (const name of ['python3', 'python']) {
    const path = ask(name, ['-c', 'import sys; assert sys.version_info >= (3, 9); print(sys.executable)']);
    if (path) return path;
  }
  throw new CannotGoOn('no Python 3.9 or newer on PATH: install Python 3 with pip and run the command again');
}

async function pipInstall(python, folder, requirements) {
  if (!ask(python, ['-m', 'pip', '--version'])) {
    throw new CannotGoOn(`${python} has no pip: install it (Debian: python3-pip) and run the command again`);
  }
  const args = ['-m', 'pip', 'install', '--target', folder, '--no-deps', '--only-binary=:all:', '--no-input'];
  await runLogged('pip', python, [...args, '--disable-pip-version-check', '--quiet', ...requirements], {
    remedy: `install ${requirements.join(' ')} needs a package index that pip can reach and a Python its wheels support`,
  });
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
