import type { Log } from '../lib/log.js';
import type { EngineEvent } from './records.js';

export type Listener = (event: EngineEvent) => void;

/** Tells listeners what happened. One that throws hurts neither the engine nor the others. */
export class Events {
  private readonly listeners = new Set<Listener>();

  constructor(private readonly log: Log) {}

  /** Gives a function that ends the listening. */
  on(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: EngineEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.log.error({ error, plan: event.plan.id, event: event.type }, 'a listener of the change engine failed');
      }
    }
  }
}
