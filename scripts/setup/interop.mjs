// The clients that the server is tested with, and the framework that its original is made of.

import { createHash } from 'node:crypto';
import { keep } from './keep.mjs';
import { pipInstall, requirePython } from './python.mjs';
import { bodyCheckers, oracles, sandboxClients } from './versions.mjs';

/** A Python, and the folder with the packages. */
export async function prepareInterop() {
  const python = requirePython([3, 11], [3, 13]);
  const clients = list({ ...sandboxClients, ...bodyCheckers });
  // Of verl only the reward runs, which needs none of the packages that verl depends on but `requests`.
  const verl = list({ verl: oracles.verl });
  const hash = createHash('sha256')
    .update([...clients, ...verl].join(' '))
    .digest('hex')
    .slice(0, 16);
  const site = await keep(`interop-${hash}`, {
    announcement: `downloading ${list(sandboxClients)[0]} and ${verl[0]} to test the server with (some seconds, once)`,
    async make(folder) {
      await pipInstall(python, folder, clients, { dependencies: true });
      await pipInstall(python, folder, verl);
    },
  });
  return { python, site };
}

function list(versions) {
  return Object.entries(versions).map(([name, version]) => `${name}==${version}`);
}
