// What a link says: which file, rollout and step.

export interface Location {
  /** The address of the file to open. */
  open: string | null;
  /** The address of a list of files, which may grow. */
  files: string | null;
  /** The address, below the page, of a server that programs run at. */
  server: string | null;
  /** The rollout, by the number of its row from 1. */
  rollout: number | null;
  /** The step in it, from 1. */
  step: number | null;
}

/** Reads `?open=URL` or `?files=URL`, `&server=URL`, and `#rollout=12&step=3`. */
export function readLocation({ search, hash }: { search: string; hash: string }): Location {
  const fragment = new URLSearchParams(hash.replace(/^#/, ''));
  const whole = (name: string) => {
    const text = fragment.get(name);
    return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : null;
  };
  const query = new URLSearchParams(search);
  return {
    open: query.get('open'),
    files: query.get('files'),
    server: query.get('server'),
    rollout: whole('rollout'),
    step: whole('step'),
  };
}

export function writeFragment(rollout: number | null, step: number | null): string {
  const fragment = new URLSearchParams();
  if (rollout !== null) fragment.set('rollout', String(rollout));
  if (rollout !== null && step !== null) fragment.set('step', String(step));
  const text = fragment.toString();
  return text === '' ? '' : `#${text}`;
}
