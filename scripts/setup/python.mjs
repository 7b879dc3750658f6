// A Python of the machine, and packages for it from the package index.

import { ask, runLogged } from './command.mjs';
import { CannotGoOn } from './program.mjs';

/** The path of a Python that is at least `oldest`, and older than `tooNew` where that is given; both as `[3, 9]`. */
export function requirePython(oldest, tooNew = [4, 0]) {
  const [from, to] = [oldest, tooNew].map((version) => `(${version.join(', ')})`);
  const minors = Array.from({ length: 6 }, (_, index) => `python3.${oldest[1] + index}`);
  for (const name of ['python3', ...minors, 'python']) {
    const check = `import sys; assert ${from} <= sys.version_info[:2] < ${to}; print(sys.executable)`;
    const path = ask(name, ['-c', check]);
    if (path) return path;
  }
  const bound = tooNew[0] === 3 ? ` and older than ${tooNew.join('.')}` : ' or newer';
  throw new CannotGoOn(
    `no Python ${oldest.join('.')}${bound} on PATH: install it with pip and run the command again`,
  );
}

/** Installs packages into a folder of their own, with what they depend on or without. */
export async function pipInstall(python, folder, requirements, { dependencies = false } = {}) {
  if (!ask(python, ['-m', 'pip', '--version'])) {
    throw new CannotGoOn(`${python} has no pip: install it (Debian: python3-pip) and run the command again`);
  }
  const args = ['-m', 'pip', 'install', '--target', folder, '--only-binary=:all:', '--no-input'];
  if (!dependencies) args.push('--no-deps');
  await runLogged('pip', python, [...args, '--disable-pip-version-check', '--quiet', ...requirements], {
    remedy: `install ${requirements.join(' ')} needs a package index that pip can reach and a Python its wheels support`,
  });
}
