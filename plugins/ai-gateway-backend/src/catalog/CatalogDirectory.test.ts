import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { catalogEntities } from '../__testUtils__/catalogEntities';
import { CatalogDirectory } from './CatalogDirectory';

const auth = mockServices.auth();
const logger = mockServices.logger.mock();

describe('CatalogDirectory', () => {
  it('knows what is in the catalog, and who owns it', async () => {
    const directory = CatalogDirectory.create({
      catalog: catalogServiceMock({ entities: catalogEntities }),
      auth,
      logger,
    });
    expect(await directory.exists('group:default/payments')).toBe(true);
    expect(await directory.exists('group:default/nobody')).toBe(false);
    expect(await directory.ownersOf('component:default/search-api')).toEqual([
      'group:default/search',
    ]);
    expect(await directory.ownersOf('group:default/payments')).toEqual([]);
    expect(await directory.ownersOf('component:default/none')).toBeUndefined();
  });

  it('says that the catalog did not answer, and keeps to the log what went wrong', async () => {
    const directory = CatalogDirectory.create({
      catalog: catalogServiceMock.mock({
        getEntityByRef: async () => {
          throw new TypeError('connect ECONNREFUSED 10.0.0.1:7007');
        },
      }),
      auth,
      logger,
    });
    const error = await directory.exists('group:default/x').catch(e => e);
    expect(error).toMatchObject({ name: 'ServiceUnavailableError' });
    expect(error.message).not.toContain('10.0.0.1');
    expect(logger.error).toHaveBeenCalledTimes(1);
  });
});
