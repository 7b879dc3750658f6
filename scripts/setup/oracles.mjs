// The original implementations that the oracle tests compare with, without the heavy packages they need to run.

import { keep } from './keep.mjs';
import { pipInstall, requirePython } from './python.mjs';
import { oracles } from './versions.mjs';

/** A Python whose JSON messages are those of CPython 3.11, and the folder that holds the packages. */
export async function prepareOracles() {
  const python = requirePython([3, 11], [3, 13]);
  const { verl, ...light } = oracles;
  const name = Object.entries(oracles).flat().join('-');
  const site = await keep(`oracles-${name}`, {
    announcement: `downloading verl ${verl} to compare with (some seconds, once)`,
    async make(folder) {
      const requirements = Object.entries(light).map(([name, version]) => `${name}==${version}`);
      await pipInstall(python, folder, requirements, { dependencies: true });
      await pipInstall(python, folder, [`verl==${verl}`]);
    },
  });
  return { python, site };
}
