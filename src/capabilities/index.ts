import type { Capability } from '../bot/define.js';
import { delegatesCapability } from './delegates/index.js';

/** The areas of admin work that make plans, by their name in FEATURES. What needs parts of the app (accounts, changes, settings) is made in app.ts. */
const AREAS: readonly Capability[] = [delegatesCapability];

/** The areas that are switched on. */
export function administration(features: readonly string[]): Capability[] {
  return AREAS.filter((area) => features.includes(area.name));
}
