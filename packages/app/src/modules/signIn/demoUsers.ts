import type { Config } from '@backstage/config';

/** Somebody whom one can sign in as without a password, in development. */
export interface DemoUser {
  readonly ref: string;
  readonly name: string;
  readonly role: string;
}

/** The demo users of the configuration; none outside development. */
export function readDemoUsers(config: Config): DemoUser[] {
  return (config.getOptionalConfigArray('app.demoSignIn.users') ?? []).map(
    user => ({
      ref: user.getString('ref'),
      name: user.getString('name'),
      role: user.getString('role'),
    }),
  );
}
