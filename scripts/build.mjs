// `npm run build`: the core, the npm package, the sandbox and the viewer; what has not changed is left alone.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buildCore } from './build/core.mjs';
import { buildPackage } from './build/package.mjs';
import { buildSandbox } from './build/sandbox.mjs';
import { buildViewer } from './build/viewer.mjs';
import { locateCache, repository } from './setup/folders.mjs';
import { withLock } from './setup/lock.mjs';
import { CannotGoOn, runAsProgram, say } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

/** Builds everything that is out of date with the tools that the set-up found. One build of a checkout at a time. */
export async function build(tools) {
  const checkout = createHash('sha256').update(repository).digest('hex').slice(0, 12);
  await withLock(
    join(locateCache(), 'locks', `build-${checkout}`),
    async () => {
      const core = await buildCore(tools);
      // js/ takes its types of the sandbox from what the sandbox's build leaves.
      const sandbox = await buildSandbox(tools);
      const viewer = await buildViewer(tools, [core, sandbox]);
      await buildPackage(tools, [core, sandbox, viewer]);
    },
    { onWait: () => say('build: waiting for another build of this checkout') },
  );
}

runAsProgram(import.meta.url, async (args) => {
  if (args.length > 0) throw new CannotGoOn(`npm run build takes no arguments, and got: ${args.join(' ')}`);
  await build(await setUpBuild());
  say('build: pkg/, sandbox/dist and www/dist are up to date');
});
