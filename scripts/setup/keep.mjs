// Keeps a folder in the cache: made once, seen whole or not at all, by one run at a time.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locateCache } from './folders.mjs';
import { withLock } from './lock.mjs';
import { say } from './program.mjs';

/**
 * The path of the folder `name` in the cache; when it is not there, says `announcement` and lets `make(folder)` fill
 * a temporary folder, which is then renamed into place. An interrupted `make` leaves nothing that a later run would use.
 */
export async function keep(name, { announcement, make }) {
  const cache = locateCache();
  const kept = join(cache, name);
  if (existsSync(kept)) return kept;
  return withLock(
    join(cache, 'locks', name),
    async () => {
      if (existsSync(kept)) return kept;
      if (announcement) say(`set-up: ${announcement}`);
      const unfinished = join(cache, 'unfinished', name);
      rmSync(unfinished, { recursive: true, force: true });
      mkdirSync(unfinished, { recursive: true });
      await make(unfinished);
      mkdirSync(dirname(kept), { recursive: true });
      renameSync(unfinished, kept);
      return kept;
    },
    { onWait: () => say(`set-up: waiting for another run to make ${name}`) },
  );
}

/** A folder for intermediate files of the step `name`, which survives an interruption so that the next run goes on from it. */
export function openScratch(name) {
  const scratch = join(locateCache(), 'scratch', name);
  mkdirSync(scratch, { recursive: true });
  return scratch;
}

/** Removes the intermediate files of a step that is done. */
export function dropScratch(name) {
  rmSync(join(locateCache(), 'scratch', name), { recursive: true, force: true });
}

/** Removes all but the `count` newest folders of the cache whose names start with `prefix`. */
export function keepNewest(prefix, count) {
  const cache = locateCache();
  const paths = readdirSync(cache)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(cache, name))
    .sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);
  for (const path of paths.slice(count)) rmSync(path, { recursive: true, force: true });
}
