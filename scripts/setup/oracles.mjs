// The original implementations that the oracle tests compare with, without the heavy packages they need to run.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { keep } from './keep.mjs';
import { pipInstall, requirePython } from './python.mjs';
import { olderOracles, oracleNeeds, oracles } from './versions.mjs';

/** A Python whose JSON messages are those of CPython 3.11, and the folder with the packages, some of them `older` too. */
export async function prepareOracles() {
  const python = requirePython([3, 11], [3, 13]);
  const [originals, older, needs] = [oracles, olderOracles, oracleNeeds].map((versions) =>
    Object.entries(versions).map(([name, version]) => `${name}==${version}`),
  );
  const hash = createHash('sha256')
    .update([...originals, ...older, ...needs].join(' '))
    .digest('hex')
    .slice(0, 16);
  const site = await keep(`oracles-${hash}`, {
    announcement: `downloading ${originals.join(', ')} to compare with (some seconds, once)`,
    async make(folder) {
      await pipInstall(python, folder, needs, { dependencies: true });
      await pipInstall(python, folder, originals);
      await pipInstall(python, join(folder, 'older'), older);
    },
  });
  return { python, site };
}
