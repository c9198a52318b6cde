import { ROLES } from './define.js';
import { FEATURES, type Feature } from './scopes.js';

/** Whether roles allow to use a feature. */
export function allows({ roles }: Pick<Feature, 'roles'>, has: readonly string[]): boolean {
  return roles.length === 0 || roles.some((role) => has.includes(role));
}

/** What these roles leave of a feature: all of it, what it has to look at, or nothing. */
export function leftFor(feature: Feature, roles: readonly string[], features: readonly Feature[] = FEATURES): Feature | undefined {
  if (allows(feature, roles)) return feature;
  const looking = features.find(({ name }) => name === feature.looking);
  return looking !== undefined && allows(looking, roles) ? looking : undefined;
}

/** What a read-only administrator could be linked for instead of these; empty when there is nothing instead. */
export function toLookAt(features: readonly Feature[]): Feature[] {
  if (features.every(({ looking }) => looking === undefined)) return [];
  return [...new Set(features.flatMap((feature) => leftFor(feature, [ROLES.readOnly]) ?? []))];
}
