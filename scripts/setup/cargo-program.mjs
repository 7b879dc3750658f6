// A program from crates.io, compiled once into the cache, quickly rather than well.

import { join } from 'node:path';
import { runLogged, tryLogged } from './command.mjs';
import { dropScratch, keep, openScratch } from './keep.mjs';

// A tool that runs for a second at a time repays no optimiser: without it the compilation takes half the time.
const quickly = ['opt-level=0', 'codegen-units=256', 'lto=false', 'debug=0', 'strip="debuginfo"'];

/** The folder with the programs of the crate `crate` at `version`, installed if need be. */
export async function keepCargoProgram(crate, version, minutes) {
  const name = `${crate}-${version}`;
  const folder = await keep(name, {
    announcement: `installing ${crate} ${version} (about ${minutes} minutes, once)`,
    async make(root) {
      const args = [
        'install',
        crate,
        '--version',
        version,
        '--root',
        root,
        '--target-dir',
        openScratch(name),
      ];
      args.push('--no-track', ...quickly.flatMap((setting) => ['--config', `profile.release.${setting}`]));
      const env = withoutFlags(process.env);
      // A registry need not have every version that the published lock file names; then any that fits must do.
      if (!(await tryLogged(name, 'cargo', [...args, '--locked'], { env }))) {
        await runLogged(name, 'cargo', args, {
          env,
          remedy: `run 'cargo install ${crate} --version ${version}' by hand; a copy on PATH is used as it is`,
        });
      }
      dropScratch(name);
    },
  });
  return join(folder, 'bin');
}

function withoutFlags({ RUSTFLAGS, CARGO_TARGET_DIR, ...env }) {
  return env;
}
