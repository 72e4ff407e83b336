import { NotAllowedError } from '@backstage/errors';
import { createProxyAuthenticator } from '@backstage/plugin-auth-node';

/** The header in which the sign-in page says who was chosen. */
export const DEMO_USER_HEADER = 'x-demo-user';

/**
 * Takes the word of whoever asks, for the listed demo users and nobody else.
 *
 * @param users - entity references of the demo users
 */
export function demoAuthenticator(users: readonly string[]) {
  return createProxyAuthenticator({
    defaultProfileTransform: async (result: { userRef: string }) => ({
      profile: { displayName: result.userRef },
    }),
    initialize: () => undefined,
    async authenticate({ req }) {
      const userRef = req.header(DEMO_USER_HEADER);
      if (!userRef || !users.includes(userRef)) {
        throw new NotAllowedError(
          'Choose one of the demo users on the sign-in page',
        );
      }
      return { result: { userRef } };
    },
  });
}
