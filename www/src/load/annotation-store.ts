// Annotations in the browser's own database, so that they are there the next time.

import { type IDBPDatabase, openDB } from 'idb';
import { type Annotation, isEmpty, keyOf } from '../model/annotations.js';

const STORE = 'annotations';

export class AnnotationStore {
  readonly #database: Promise<IDBPDatabase>;

  constructor(name = 'fencerun-viewer') {
    this.#database = openDB(name, 1, {
      upgrade: (database) => {
        database.createObjectStore(STORE);
      },
    });
  }

  async list(): Promise<Annotation[]> {
    return (await this.#database).getAll(STORE);
  }

  async save(annotation: Annotation): Promise<void> {
    const database = await this.#database;
    if (isEmpty(annotation)) await database.delete(STORE, keyOf(annotation));
    else await database.put(STORE, annotation, keyOf(annotation));
  }

  async saveAll(annotations: Annotation[]): Promise<void> {
    const transaction = (await this.#database).transaction(STORE, 'readwrite');
    await Promise.all(annotations.map((one) => transaction.store.put(one, keyOf(one))));
    await transaction.done;
  }

  async close(): Promise<void> {
    (await this.#database).close();
  }
}
