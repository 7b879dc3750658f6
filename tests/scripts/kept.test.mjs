import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { hashInputs, isMadeFrom, writeStamp } from '../../scripts/build/hash.mjs';
import { locateCache } from '../../scripts/setup/folders.mjs';
import { keep } from '../../scripts/setup/keep.mjs';
import { withLock } from '../../scripts/setup/lock.mjs';

let folder;
const cacheBefore = process.env.FENCERUN_CACHE;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fencerun-scripts-'));
  process.env.FENCERUN_CACHE = join(folder, 'cache');
});

afterEach(() => {
  if (cacheBefore === undefined) delete process.env.FENCERUN_CACHE;
  else process.env.FENCERUN_CACHE = cacheBefore;
  rmSync(folder, { recursive: true, force: true });
});

test('cache_is_where_the_environment_says', () => {
  assert.equal(locateCache({ FENCERUN_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(locateCache({ FENCERUN_CACHE: '', XDG_CACHE_HOME: '/b' }), join('/b', 'fencerun'));
  assert.match(locateCache({}), /[\\/]\.cache[\\/]fencerun$/);
});

test('hash_changes_with_content_name_and_facts_and_with_nothing_else', () => {
  mkdirSync(join(folder, 'src', 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'src', 'a.rs'), 'one');
  const first = hashInputs(folder, ['src', 'missing'], ['tool 1']);
  writeFileSync(join(folder, 'src', 'node_modules', 'x.js'), 'passed over');
  assert.equal(hashInputs(folder, ['src', 'missing'], ['tool 1']), first);
  assert.notEqual(hashInputs(folder, ['src', 'missing'], ['tool 2']), first);
  writeFileSync(join(folder, 'src', 'a.rs'), 'two');
  assert.notEqual(hashInputs(folder, ['src', 'missing'], ['tool 1']), first);
});

test('an_output_is_up_to_date_only_while_it_is_there', () => {
  const stamp = join(folder, 'stamps', 'core');
  const output = join(folder, 'out.wasm');
  writeFileSync(output, '');
  writeStamp(stamp, 'abc');
  assert.equal(isMadeFrom(stamp, 'abc', [output]), true);
  assert.equal(isMadeFrom(stamp, 'abd', [output]), false);
  rmSync(output);
  assert.equal(isMadeFrom(stamp, 'abc', [output]), false);
});

test('a_kept_folder_is_made_once', async () => {
  let made = 0;
  const make = (unfinished) => {
    made += 1;
    writeFileSync(join(unfinished, 'tool'), 'x');
  };
  const paths = await Promise.all([keep('tool-1', { make }), keep('tool-1', { make })]);
  assert.equal(made, 1);
  assert.deepEqual(readdirSync(paths[0]), ['tool']);
  assert.equal(paths[0], paths[1]);
});

test('a_folder_whose_making_failed_is_not_kept', async () => {
  const make = async (unfinished) => {
    writeFileSync(join(unfinished, 'half'), 'x');
    throw new Error('no network');
  };
  await assert.rejects(keep('tool-2', { make }), { message: 'no network' });
  assert.equal(existsSync(join(locateCache(), 'tool-2')), false);
  const kept = await keep('tool-2', { make: (unfinished) => writeFileSync(join(unfinished, 'whole'), 'x') });
  assert.deepEqual(readdirSync(kept), ['whole']);
});

test('one_holder_of_a_lock_at_a_time', async () => {
  const lock = join(folder, 'lock');
  const events = [];
  const hold = (name) =>
    withLock(lock, async () => {
      events.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} out`);
    });
  await Promise.all([hold('a'), hold('b')]);
  assert.equal(events[0].replace('in', 'out'), events[1]);
  assert.equal(events[2].replace('in', 'out'), events[3]);
  assert.deepEqual(readdirSync(folder), []);
});

test('a_lock_whose_process_has_died_is_taken_over', async () => {
  const lock = join(folder, 'lock');
  mkdirSync(lock);
  // No process has a number this high on any system we know.
  const owner = { token: 'old', pid: 2 ** 30, host: hostname() };
  writeFileSync(join(lock, 'owner.json'), JSON.stringify(owner));
  assert.equal(await withLock(lock, async () => 'ran'), 'ran');
});
