// What a person chose, from one visit to the next.

import { BLOCK_PROFILES, isFramework } from './model/profile.js';

export interface Settings {
  theme: 'system' | 'light' | 'dark';
  /** How a rollout is shown. */
  mode: 'rendered' | 'raw';
  /** Where programs run: where the page was told, in its own sandbox, or at the server `url`. */
  runsAt: 'given' | 'page' | 'server';
  /** The address of a SandboxFusion server; may be empty. */
  url: string;
  timeoutSeconds: number;
  concurrency: number;
  /** The profile whose reading is shown: `llm`, `commonmark`, or that of a framework. */
  profile: string;
  /** Whether the profile says what runs, if it is that of a framework; else the log's own rules do. */
  runsByProfile: boolean;
  listWidth: number;
  /** Whether the filters stand above the list. */
  filters: boolean;
  /** The extras that have a column in the list, where a log has them. */
  columns: readonly string[];
}

const SETTINGS: Settings = {
  theme: 'system',
  mode: 'rendered',
  runsAt: 'given',
  url: '',
  timeoutSeconds: 10,
  concurrency: 2,
  profile: 'llm',
  runsByProfile: false,
  listWidth: 520,
  filters: true,
  columns: [],
};

/** The name that they are kept by. */
const KEY = 'fencerun-viewer';

/** The settings of the last visit. A server that the page was given is used, whatever was chosen then. */
export function readSettings(storage: Storage | undefined, isServerGiven: boolean): Settings {
  const settings = { ...SETTINGS, ...readKept(storage) };
  // There may no longer be such a profile.
  const isKnown = BLOCK_PROFILES.includes(settings.profile) || isFramework(settings.profile);
  if (!isKnown) settings.profile = SETTINGS.profile;
  if (isServerGiven) settings.runsAt = 'given';
  return settings;
}

export function keepSettings(storage: Storage | undefined, settings: Settings) {
  storage?.setItem(KEY, JSON.stringify(settings));
}

function readKept(storage: Storage | undefined): Partial<Settings> {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}
