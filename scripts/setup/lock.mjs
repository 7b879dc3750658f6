// One run at a time: a lock folder that appears with its owner's name in it, in one rename.

import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const heartbeatMs = 5_000;
const silenceMs = 60_000;
const pollMs = 200;

// What systems call a rename onto a folder that has something in it.
const heldCodes = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY'];

/**
 * Runs `act` while holding the lock folder at `path`, waiting for another run to let go of it.
 * A lock whose process has died, or that has been silent for a minute, is taken over.
 */
export async function withLock(path, act, { onWait = () => {} } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const token = randomUUID();
  for (let waited = false; !acquire(path, token); waited = true) {
    if (!waited) onWait();
    if (!removeStale(path)) await wait(pollMs);
  }
  const heartbeat = setInterval(() => touch(path), heartbeatMs);
  heartbeat.unref();
  const release = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await act();
  } finally {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    release();
  }
}

function acquire(path, token) {
  const prepared = `${path}.${token}`;
  mkdirSync(prepared);
  writeFileSync(join(prepared, 'owner.json'), JSON.stringify({ token, pid: process.pid, host: hostname() }));
  try {
    // A folder cannot be renamed onto one that has something in it.
    renameSync(prepared, path);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (heldCodes.includes(error.code)) return false;
    throw error;
  }
}

function removeStale(path) {
  const owner = readOwner(path);
  if (!owner || !isStale(path, owner)) return false;
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  if (readOwner(aside)?.token !== owner.token) {
    // Another run took the stale lock over between our look and our rename: give it back.
    renameSync(aside, path);
    return false;
  }
  rmSync(aside, { recursive: true, force: true });
  return true;
}

/** Whether the owner of a lock has died or has not been heard of for too long. */
export function isStale(path, owner, now = Date.now()) {
  if (owner.host === hostname() && !isAlive(owner.pid)) return true;
  try {
    return now - statSync(path).mtimeMs > silenceMs;
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readOwner(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // The lock was removed by hand; nothing is left to keep alive.
  }
}
