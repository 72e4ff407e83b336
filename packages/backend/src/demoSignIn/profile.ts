import type { Entity } from '@backstage/catalog-model';
import type { ProfileInfo } from '@backstage/plugin-auth-node';

/** What the portal shows of a user of the catalog. */
export function readProfile(entity: Entity): ProfileInfo {
  const profile = entity.spec?.profile;
  const text = (name: string) => {
    const value =
      typeof profile === 'object' && profile !== null && !Array.isArray(profile)
        ? profile[name]
        : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return {
    displayName: text('displayName') ?? entity.metadata.name,
    email: text('email'),
    picture: text('picture'),
  };
}
