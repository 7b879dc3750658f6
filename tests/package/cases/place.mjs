// Where the cases run: a folder below the tools, so that they resolve, with the packed package installed in it.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const execute = promisify(execFile);
const quiet = {
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_OPTIONS: '',
  NODE_ENV: undefined,
  CI: '1',
};

/** Packs a package of this checkout, `pkg` or `sandbox`, into `folder`. Answers the path of the tarball. */
export async function pack(name, folder) {
  const args = ['pack', '--json', '--silent', '--pack-destination', folder];
  const report = JSON.parse(await run('npm', args, { cwd: join(repository, name) }));
  // npm 11 answers with an object by package, older ones with a list.
  const [{ filename }] = Object.values(report);
  return join(folder, filename);
}

/** Runs a command and gives what it wrote to stdout; where it fails, the error has everything that it wrote. */
export async function run(command, args, { cwd, env } = {}) {
  try {
    const options = { cwd, env: { ...process.env, ...quiet, ...env }, maxBuffer: 64 << 20 };
    return (await execute(command, args, options)).stdout;
  } catch (error) {
    throw new Error(`${[command, ...args].join(' ')}\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
  }
}

/** Opens a folder below `tools` with the package installed; `close` removes it. */
export async function openPlace(tools) {
  mkdirSync(join(tools, 'projects'), { recursive: true });
  const folder = mkdtempSync(join(tools, 'projects', 'place-'));
  const tarball = await pack('pkg', folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quietly = ['--no-audit', '--no-fund', '--no-save', '--offline'];
  await run('npm', ['install', ...quietly, tarball], { cwd: folder });
  let count = 0;
  return {
    tools,
    tarball,
    /** The installed package. */
    installed: join(folder, 'node_modules', 'fencerun'),
    /** A program of the tools. */
    tool: (...path) => join(tools, 'node_modules', ...path),
    /** A project of these files, by their paths; answers its folder. */
    project(files, { type = 'module' } = {}) {
      count += 1;
      const project = join(folder, `project-${count}`);
      const manifest = JSON.stringify({ name: `project-${count}`, private: true, type });
      for (const [path, text] of Object.entries({ 'package.json': manifest, ...files })) {
        mkdirSync(dirname(join(project, path)), { recursive: true });
        writeFileSync(join(project, path), text);
      }
      return project;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
