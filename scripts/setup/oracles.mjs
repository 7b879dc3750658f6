// The original implementations that the oracle tests compare with, without the heavy packages they need to run.

import { join } from 'node:path';
import { keep } from './keep.mjs';
import { pipInstall, requirePython } from './python.mjs';
import { oracles } from './versions.mjs';

/** A Python whose JSON messages are those of CPython 3.11, and the folder with the packages, `verl-old` and `verl-new`. */
export async function prepareOracles() {
  const python = requirePython([3, 11], [3, 13]);
  const { verl, packages } = oracles;
  const name = [verl.old, verl.new, ...Object.entries(packages).flat()].join('-');
  const site = await keep(`oracles-${name}`, {
    announcement: `downloading verl ${verl.old} and ${verl.new} to compare with (some seconds, once)`,
    async make(folder) {
      const requirements = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
      await pipInstall(python, folder, requirements, { dependencies: true });
      for (const [age, version] of Object.entries(verl)) {
        await pipInstall(python, join(folder, `verl-${age}`), [`verl==${version}`]);
      }
    },
  });
  return { python, site };
}
