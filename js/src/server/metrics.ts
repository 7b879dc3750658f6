// What Prometheus reads. In: answered requests, and the counts of the moment. Out: the text of `/metrics`.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AccessEntry } from './access.js';
import type { Admission } from './admission.js';

/** Seconds: from a program that only prints to one that takes all of its time. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of one server. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #durations: Histogram<'route'>;
  readonly #runs: Counter<'language' | 'status' | 'run_status'>;
  readonly #runDurations: Histogram<'language'>;

  constructor(admission: Admission) {
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: 'fencerun_http_requests_total',
      help: 'Answered requests.',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'fencerun_http_request_duration_seconds',
      help: 'Time from a request to its answer, waiting included.',
      labelNames: ['route'],
      buckets: BUCKETS,
      registers,
    });
    this.#runs = new Counter({
      name: 'fencerun_runs_total',
      help: 'Answers of the sandbox.',
      labelNames: ['language', 'status', 'run_status'],
      registers,
    });
    this.#runDurations = new Histogram({
      name: 'fencerun_run_duration_seconds',
      help: 'Time that programs ran.',
      labelNames: ['language'],
      buckets: BUCKETS,
      registers,
    });
    new Gauge({
      name: 'fencerun_runs_in_progress',
      help: 'Requests that have a worker.',
      registers,
      collect() {
        this.set(admission.running);
      },
    });
    new Gauge({
      name: 'fencerun_runs_waiting',
      help: 'Requests that wait for a worker.',
      registers,
      collect() {
        this.set(admission.waiting);
      },
    });
  }

  /** Takes note of an answer; `route` is one of the server's own paths, or `other`. */
  add({ method, status, durationMs, run }: AccessEntry, route: string): void {
    this.#requests.inc({ route, method: KNOWN_METHODS.has(method) ? method : 'other', status });
    this.#durations.observe({ route }, durationMs / 1000);
    if (!run) return;
    this.#runs.inc({ language: run.language, status: run.status, run_status: run.runStatus ?? 'none' });
    if (run.runMs !== undefined) this.#runDurations.observe({ language: run.language }, run.runMs / 1000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics as text, those of the process among them. */
  write(): Promise<string> {
    return Registry.merge([this.#registry, ofProcess()]).metrics();
  }
}

let processRegistry: Registry | undefined;

/** The metrics of the process: one set, however many servers it has, as what collects them never ends. */
function ofProcess(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}

/** A client can write any word as its method; each would be a series of its own. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);
